"""Showing it again gives no yes to words that nobody was shown."""

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.campaigns.actions import choose_stories
from app.consent.actions import hide, show_again
from app.consent.publishing import publish
from app.consent.queries import said_now, taken_back
from app.consent.rules import Party, campaign_scope
from app.stories.models import Story
from tests.db.moments import ask_only_the_first_texts
from tests.factories.campaigns import make_campaign
from tests.factories.stories import make_shown


def said(story: Story) -> dict[str, str]:
    return {scope: given.value for scope, given in said_now(story.id)[0].items() if scope in ("gallery", "embed")}


def test_a_yes_to_an_older_text_does_not_come_back_as_one_to_a_newer() -> None:
    ask_only_the_first_texts()
    story = make_shown(["gallery", "embed"])
    hide(story, Party.CHILD)
    assert taken_back(story.id) == ["embed", "gallery"]
    publish("child", 3, major=True)
    commit(outside().queue)
    assert taken_back(story.id) == []
    show_again(story)
    assert said(story) == {"gallery": "no", "embed": "no"}


def test_a_minor_change_does_not_matter() -> None:
    ask_only_the_first_texts()
    story = make_shown(["gallery"])
    hide(story, Party.CHILD)
    publish("child", 3, major=False)
    commit(outside().queue)
    show_again(story)
    assert said(story)["gallery"] == "yes"


def test_a_yes_to_a_campaign_that_is_called_otherwise_since_does_not_come_back() -> None:
    campaign = make_campaign()
    scope = campaign_scope(campaign.id)
    story = make_shown(["gallery", scope])
    choose_stories("cli", campaign, [story.id])
    hide(story, Party.CHILD)
    assert taken_back(story.id) == sorted([scope, "gallery"])
    campaign.title, campaign.titled_at = {"en": "Come and sign"}, clock.now()
    commit(outside().queue)
    assert taken_back(story.id) == ["gallery"]
