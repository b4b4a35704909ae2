"""What was known of growing up, and of who came back, before each asking knew when it came (0025) says the same."""

from app import clock
from app.cli.database import upgrade
from app.consent.evidence import Ruling
from app.extensions import db
from app.people.authority import Act, accept_act
from app.people.growing import note_what_has_come
from app.people.permissions import Role
from app.people.rules import AgeBand, Basis, Relation
from app.stories.models import Story
from tests.db.test_growing import DAY, NOTE, OWN_AGE, TOLD, at, left_out, mother_of, ruled_about, save
from tests.db.test_grown import calls, is_shown
from tests.db.test_migrated_guardians import go_back
from tests.factories.people import make_act, make_guardian, make_staff, tell_for_good
from tests.factories.stories import child_says, guardian_says, make_approved, yes_to


def test_an_answer_to_an_asking_of_another_month_still_counts() -> None:
    with clock.fixed(TOLD):
        story = make_approved(["gallery"], age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        tell_for_good(mother_of(story), 2028, 5)
        save()
    story_id, july = story.id, OWN_AGE + 30 * DAY
    at(TOLD + 3 * DAY, lambda: tell_for_good(mother_of(story), 2028, 6))
    at(OWN_AGE, note_what_has_come)
    at(july + DAY, note_what_has_come)
    at(july + 5 * DAY, lambda: child_says(story, yes_to(["gallery"])))
    with clock.fixed(july + 40 * DAY):
        go_back(to="0024")
        upgrade()
        note_what_has_come()
        save()
    assert is_shown(db.session.get_one(Story, story_id), july + 200 * DAY)


def test_who_came_back_by_an_act_has_begun_anew() -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0)
        carer = make_guardian(story.storyteller, declared=False)
        make_act(carer, TOLD + 200 * DAY)
        guardian_says(story, carer, yes_to(["gallery", "print"]))
        child_says(story, yes_to(["gallery", "print"]))
        save()
    story_id, act = story.id, Act(Basis.COURT_ACT, NOTE, TOLD + 300 * DAY)
    at(TOLD + 3 * DAY, lambda: left_out(carer))
    ruling = Ruling({"print": "yes"}, "Maria Ionescu", Relation.COURT_CARER, act=act)
    at(TOLD + 4 * DAY, lambda: calls(story, carer, ruling))
    claim = ruled_about(carer)
    at(TOLD + 5 * DAY, lambda: accept_act(make_staff(Role.SAFEGUARDING_LEAD), claim))
    with clock.fixed(TOLD + 6 * DAY):
        go_back(to="0024")
        upgrade()
        save()
    story = db.session.get_one(Story, story_id)
    assert (is_shown(story, TOLD + 6 * DAY), is_shown(story, TOLD + 6 * DAY, "print")) == (False, True)
