"""Whatever is taken back of a story reaches the ledger outside the data: with the commit, or a minute later."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.adapters.revocations import SLACK, Fate, FileLedger, Revocation
from app.campaigns.actions import choose_stories
from app.cli.sweeper import sweep
from app.consent.actions import hide, show_again
from app.consent.publishing import publish
from app.consent.rules import Party
from app.extensions import db
from app.moderation.actions import reopen
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.release.models import Withdrawal
from app.release.withdrawals import withdrawals
from app.safeguarding.actions import close_case, decide_suspension, open_case, suspend
from app.safeguarding.models import Case
from app.safeguarding.rules import Asker, Level
from app.stories.actions import ask_erasure, ask_erasure_as_guardian, correct, refuse_final
from app.stories.models import Story
from app.stories.queries import version_of
from tests.db.moments import ask_only_the_first_texts
from tests.factories.campaigns import ACTOR, make_campaign
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import child_says, guardian_says, make_approved, make_shown, make_submitted

LINE = re.compile(r"[0-9T:.-]{19,26}\+00:00 (erased|withdrawn) [\w-]{22} [0-9a-f]{64}")
WORRY = "A bruise, drawn twice."

Act = Callable[[Story], object]


def save() -> None:
    commit(outside().queue)


def told() -> dict[str, datetime]:
    """What the ledger says was taken back."""
    return outside().revocations.read().withdrawn


def parent(story: Story) -> Guardian:
    return guardians_of(story.storyteller_id)[0]


def another(story: Story) -> Guardian:
    return make_guardian(story.storyteller, name="Ion Popescu")


def lead() -> str:
    return make_staff(Role.SAFEGUARDING_LEAD).id


def worry(story: Story) -> Case:
    return open_case(lead(), story, Level.AMBER, WORRY)


TAKES_BACK: dict[str, Act] = {
    "the child hides": lambda story: hide(story, Party.CHILD),
    "the child closes one place of two": lambda story: child_says(story, {"embed": "no"}),
    "the child is unsure": lambda story: child_says(story, {"gallery": "unsure"}),
    "the child keeps it private": lambda story: child_says(story, {"keep_private": "yes"}),
    "the child wants another voice": lambda story: child_says(story, {"voice": "altered"}),
    "the child wants no name": lambda story: child_says(story, {"name": "none"}),
    "a guardian hides": lambda story: hide(story, Party.GUARDIAN, parent(story)),
    "a guardian says no": lambda story: guardian_says(story, parent(story), {"gallery": "no"}),
    "another guardian says no": lambda story: guardian_says(story, another(story), {"press": "no"}),
    "another guardian comes, who must be asked about the voice": another,
    "somebody fears a risk": lambda story: suspend(Asker.CARER, story, WORRY),
    "a case is opened": worry,
    "a moderator looks again": lambda story: reopen(make_staff(), story),
    "the child corrects": correct,
    "the child erases, and can still undo it": lambda story: ask_erasure(story, Role.CHILD, now=False),
    "a guardian erases": lambda story: ask_erasure_as_guardian(story, parent(story)),
    "a lead erases": lambda story: ask_erasure(story, Role.SAFEGUARDING_LEAD, now=False, actor=lead()),
}

OPENS: dict[str, Act] = {
    "the child says yes again": lambda story: child_says(story, {"gallery": "yes", "name": "invented"}),
    "the child says no to what was never a yes": lambda story: child_says(story, {"press": "no", "print": "unsure"}),
    "a guardian says yes to more": lambda story: guardian_says(story, parent(story), {"press": "yes"}),
    "another guardian says yes": lambda story: guardian_says(story, parent(story), {"gallery": "yes"}),
    "a curator chooses it": make_campaign,
}


def told_after(acts: dict[str, Act], make: Callable[[], Story]) -> set[str]:
    """Which of these acts, each on a story of its own and in its own transaction, the ledger was told of."""
    stories = {name: make() for name in acts}
    save()
    assert told() == {}
    for name, act in acts.items():
        act(stories[name])
        save()
    return {name for name, story in stories.items() if story.id in told()}


def test_whatever_takes_back_from_what_is_shown_is_told_and_what_opens_is_not() -> None:
    def make() -> Story:
        return make_shown(("gallery", "embed"), sounds=1, own_voice=True)

    assert told_after(OPENS, make) == set()
    assert told_after(TAKES_BACK, make) == TAKES_BACK.keys()
    assert {each.story_id: each.at for each in withdrawals()} == told()


def test_what_is_not_shown_yet_is_taken_back_as_well() -> None:
    acts = TAKES_BACK | {"the child refuses the final version": refuse_redacted}

    def make() -> Story:
        return make_approved(("gallery", "embed"), sounds=1, own_voice=True, guardians=0)

    def make_parents() -> Story:
        story = make()
        make_guardian(story.storyteller)
        guardian_says(story, parent(story), {"print": "yes"})
        return story

    assert told_after(OPENS, make_parents) == set()
    assert told_after(acts, make_parents) == acts.keys()


def refuse_redacted(story: Story) -> None:
    version_of(story).differs = True
    refuse_final(story)


def test_a_curator_who_takes_a_story_out_of_a_campaign_ends_its_showing_there() -> None:
    campaign = make_campaign()
    story = make_shown(["gallery", f"campaign:{campaign.id}"])
    choose_stories(ACTOR, campaign, [story.id])
    save()
    assert told() == {}
    choose_stories(ACTOR, campaign, [])
    save()
    assert told().keys() == {story.id}


def test_a_text_that_must_be_asked_again_takes_back_every_answer_to_the_one_before() -> None:
    ask_only_the_first_texts()
    shown = [make_shown().id for _ in range(2)]
    make_submitted()
    save()
    publish("child", 2, major=True)
    save()
    assert told().keys() == set(shown)
    assert len(outside().settings.revocation_file.read_text().splitlines()) == 2


def test_a_lead_who_lets_a_story_be_shown_again_takes_nothing_back() -> None:
    story = make_shown()
    save()
    suspension, case = suspend(Asker.CARER, story, WORRY), worry(story)
    save()
    before = told()
    decide_suspension(lead(), suspension)
    close_case(lead(), case, "Talked to the teacher.")
    save()
    hidden = told()
    assert (before.keys(), hidden) == ({story.id}, before)


def test_a_withdrawal_is_told_when_the_commit_returns_and_only_the_newest_counts() -> None:
    story = make_shown()
    save()
    hide(story, Party.CHILD)
    rollback()
    save()
    assert told() == {}
    hide(story, Party.CHILD)
    assert told() == {}
    save()
    first = told()[story.id]
    assert db.session.get_one(Withdrawal, story.id).at == first
    show_again(story)
    save()
    assert told() == {story.id: first}
    hide(story, Party.CHILD)
    save()
    assert told()[story.id] == db.session.get_one(Withdrawal, story.id).at > first


def test_the_ledger_holds_ids_and_moments_and_no_words() -> None:
    for act in TAKES_BACK.values():
        story = make_shown(("gallery", "embed"), sounds=1, own_voice=True)
        save()
        act(story)
    ask_erasure(make_submitted(), Role.CHILD, now=True)
    save()
    lines = outside().settings.revocation_file.read_text().splitlines()
    assert len(lines) == len(TAKES_BACK) + 1
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_an_erased_story_is_told_once_and_not_as_withdrawn() -> None:
    story = make_shown()
    save()
    ask_erasure(story, Role.CHILD, now=True)
    save()
    sweep()
    revoked = outside().revocations.read()
    assert (revoked.erased.keys(), revoked.withdrawn, revoked.lines) == ({story.id}, {}, 1)


def test_a_ledger_that_does_not_answer_keeps_nobody_from_hiding_and_is_told_later(app: Flask) -> None:
    story, earlier = make_shown(), make_shown()
    save()
    connected = outside()
    blocked = connected.settings.data_dir / "blocked"
    blocked.mkdir()
    app.extensions["eyes"] = replace(connected, revocations=FileLedger(blocked))
    hide(story, Party.CHILD)
    save()
    app.extensions["eyes"] = connected
    hide(earlier, Party.CHILD)
    save()
    assert told().keys() == {earlier.id}
    for _ in range(2):
        sweep()
        assert list(outside().revocations.read()) == [withdrawals()[1], withdrawals()[0]]
    assert outside().revocations.read().lines == 2


def test_the_sweeper_compacts_a_ledger_that_has_grown() -> None:
    story = make_shown()
    save()
    before = clock.now()
    often = [before - timedelta(minutes=SLACK - minutes) for minutes in range(SLACK + 2)]
    outside().revocations.append(Revocation(Fate.WITHDRAWN, "a" * 22, at) for at in often)
    sweep()
    assert outside().revocations.read().lines == SLACK + 2
    outside().revocations.append([Revocation(Fate.WITHDRAWN, "a" * 22, before)])
    hide(story, Party.CHILD)
    save()
    outside().revocations.append([Revocation(Fate.WITHDRAWN, "a" * 22, before)] * 3)
    sweep()
    revoked = outside().revocations.read()
    assert (revoked.lines, revoked.withdrawn) == (2, {"a" * 22: often[-1], story.id: withdrawals()[0].at})
    show_again(story)
    hide(story, Party.CHILD)
    save()
    assert outside().revocations.read().withdrawn[story.id] == withdrawals()[0].at
