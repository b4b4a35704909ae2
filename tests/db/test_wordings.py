"""Words beside stories: printed once a second person has checked them, and not after the child said no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.curation.awaited import Awaited, awaited
from app.curation.worded import find, listed, sent_back, waiting_for
from app.curation.wording import accept_words, send_back, set_themes, take_off, write_words
from app.errors import Conflict, Faulty, Invalid, NotAllowed, NotFound
from app.extensions import Base, db, new_id
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import Locale
from app.release import queries, search
from app.release.check import differences
from app.release.models import Showing, ShowingMedia, Withdrawal
from app.release.queries import Filters
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.models import Story, Wording
from app.stories.rules import Beside, Standing
from app.stories.wordings import refuse_words, written_beside
from tests.factories.people import make_staff
from tests.factories.stories import child_says, guardian_says, make_shown
from tests.factories.wordings import CAPTION, CUES, WORDS, place_of, put_beside, write_beside


def save() -> None:
    commit(outside().queue)


def printed(story: Story) -> dict[str, Any]:
    """What the gallery prints of a story."""
    save()
    item = queries.story(story.id)
    assert item is not None
    return item.body


def told(*scopes: str, **how: Any) -> Story:
    """A story in the gallery with a picture and a recording."""
    story = make_shown(["gallery", *scopes], pictures=1, sounds=1, own_voice=True, **how)
    save()
    return story


def everything(story: Story, put: Callable[..., Wording] = put_beside) -> list[Wording]:
    rows = [put(story, kind) for kind in (Beside.CAPTION, Beside.TRANSCRIPT, Beside.NOTE)]
    return [*rows, put(story, Beside.TRANSLATION, Locale.RO)]


def test_what_was_checked_is_printed_found_and_bound_to_its_version() -> None:
    story = told("translate")
    before, epoch = printed(story), queries.epoch()
    everything(story, write_beside)
    assert printed(story) == before
    assert queries.epoch() == epoch
    everything(story)
    body, tile = printed(story), db.session.scalars(select(Showing.tile)).one()
    assert body["images"][0]["alts"] == tile["images"][0]["alts"] == {"en": CAPTION}
    assert body["sounds"][0]["transcripts"] == {"en": CUES}
    assert body["notes"] == tile["notes"] == {"en": "It speaks of a death."}
    assert body["translations"] == {"ro": WORDS[Beside.TRANSLATION]}
    assert tile["translations"] == {"ro": {"title": "Zmeul"}}
    assert "unheard" not in body
    assert [len(search.gallery(word, Filters()).items) for word in ("lucreaza", "grey", "hens", "death")] == [1] * 4
    assert list(differences()) == []
    story.current += 1
    actions.copy_version(actions.queries.version_of(story, 1), 2)
    db.session.flush()
    assert [each.version for each in written_beside(story)] == [1] * 4
    assert find_row(story, Beside.CAPTION).version_number == 1


def find_row(story: Story, kind: Beside) -> Wording:
    return db.session.scalars(select(Wording).where(Wording.story_id == story.id, Wording.kind == kind)).one()


def test_nobody_checks_their_own_words(refused_by_database: Callable[[Base], bool]) -> None:
    story = told()
    row = write_beside(story, Beside.CAPTION)
    worded, colleague = find(story.id), make_staff(Role.MODERATOR)
    author = db.session.get_one(type(colleague), row.written_by)
    with pytest.raises(NotAllowed, match="own_words"):
        accept_words(author, worded, row.id, answered=True)
    with pytest.raises(Invalid, match="words_unchecked"):
        accept_words(colleague, worded, row.id, answered=False)
    place = {"story_id": story.id, "version_number": 7, "kind": Beside.NOTE, "locale": Locale.EN, "words_sealed": b"x"}

    def made(**more: Any) -> Wording:
        return Wording(id=new_id(), about="", written_by=author.id, **place, **more)

    assert waiting_for(author) == []
    assert [worded.story.id for worded in waiting_for(colleague)] == [story.id]
    now = clock.now()
    assert refused_by_database(made(reviewed_by=author.id, reviewed_at=now))
    assert refused_by_database(made(reviewed_at=now))
    assert refused_by_database(made(returned_at=now))
    assert not refused_by_database(made(reviewed_by=colleague.id, reviewed_at=now))
    assert refused_by_database(made(reviewed_by=colleague.id, reviewed_at=now))


def test_words_come_back_with_a_reason_and_are_written_anew() -> None:
    story, colleague = told(), make_staff(Role.CURATOR)
    row = write_beside(story, Beside.CAPTION)
    with pytest.raises(Invalid, match="reason_too_short"):
        send_back(colleague, find(story.id), row.id, "No.")
    send_back(colleague, find(story.id), row.id, "There is no house in it.")
    [returned] = written_beside(story)
    assert (returned.standing, returned.reason) == (Standing.RETURNED, "There is no house in it.")
    with pytest.raises(Conflict):
        accept_words(colleague, find(story.id), row.id, answered=True)
    again = write_beside(story, Beside.CAPTION, text="A kite.")
    assert [(each.id, each.text) for each in written_beside(story)] == [(again.id, "A kite.")]
    with pytest.raises(Conflict, match="not_in_this_state"):
        accept_words(colleague, find(story.id), row.id, answered=True)


def test_what_waits_is_counted_without_opening_it(monkeypatch: pytest.MonkeyPatch) -> None:
    author, colleague = make_staff(Role.CURATOR), make_staff(Role.CURATOR)
    story, hidden, silent = told(), told(), make_shown(["gallery"])
    place = place_of(story, Beside.CAPTION)
    row = write_words(author, find(story.id), place, WORDS[Beside.CAPTION], "")
    write_beside(hidden, Beside.CAPTION)
    write_beside(silent, Beside.NOTE)
    assert awaited(author) == Awaited(unwritten=2, unchecked=2, returned=0)
    assert awaited(colleague) == Awaited(unwritten=2, unchecked=3, returned=0)
    child_says(hidden, {"gallery": "no"})
    save()
    send_back(colleague, find(story.id), row.id, "There is no house in it.")
    assert awaited(author) == awaited(colleague) == Awaited(unwritten=1, unchecked=1, returned=1)
    assert [each.story.id for each in sent_back()] == [story.id]
    put_beside(story, Beside.CAPTION)
    put_beside(story, Beside.TRANSCRIPT)
    assert awaited(author) == Awaited(unwritten=0, unchecked=1, returned=0)
    assert [each.missing for each in listed("").stories] == [[], []]
    monkeypatch.setattr("app.curation.awaited.MANY", 1)
    for _ in range(3):
        write_beside(told(), Beside.CAPTION)
    assert awaited(author) == Awaited(unwritten=2, unchecked=2, returned=0)


def test_printed_words_stay_until_better_ones_are_checked() -> None:
    story = told()
    put_beside(story, Beside.CAPTION)
    better = write_beside(story, Beside.CAPTION, text="A kite.")
    assert printed(story)["images"][0]["alts"] == {"en": CAPTION}
    with pytest.raises(Conflict, match="words_changed"):
        write_words(make_staff(Role.CURATOR), find(story.id), place_of(story, Beside.CAPTION), {"text": "A"}, "")
    accept_words(make_staff(), find(story.id), better.id, answered=True)
    assert printed(story)["images"][0]["alts"] == {"en": "A kite."}
    take_off(make_staff(Role.CURATOR), find(story.id), better.id)
    assert "alts" not in printed(story)["images"][0]


def test_the_childs_no_wins() -> None:
    story = told()
    row = put_beside(story, Beside.CAPTION)
    write_beside(story, Beside.CAPTION, text="Coming next.")
    printed(story)
    assert db.session.get(Withdrawal, story.id) is None
    refuse_words(story, row.id)
    assert "alts" not in printed(story)["images"][0]
    assert {each.standing for each in written_beside(story)} == {Standing.REFUSED}
    assert db.session.get(Withdrawal, story.id) is not None
    with pytest.raises(Conflict):
        refuse_words(story, row.id)
    with pytest.raises(NotFound):
        refuse_words(told(), row.id)
    other = write_beside(story, Beside.CAPTION, text="Another one.")
    assert "alts" not in printed(story)["images"][0]
    accept_words(make_staff(), find(story.id), other.id, answered=True)
    assert printed(story)["images"][0]["alts"] == {"en": "Another one."}


def test_a_translation_takes_a_yes_of_its_own() -> None:
    story = told()
    for kind in (Beside.TRANSLATION, Beside.TRANSCRIPT):
        with pytest.raises(Conflict, match="not_translatable"):
            write_beside(story, kind, Locale.RO)
    put_beside(story, Beside.CAPTION, Locale.RO, text="Un zmeu.")
    assert printed(story)["images"][0]["alts"] == {"ro": "Un zmeu."}
    allowed = told("translate")
    put_beside(allowed, Beside.TRANSLATION, Locale.RO)
    assert "translations" in printed(allowed)
    child_says(allowed, {"translate": "no"})
    body = printed(allowed)
    assert "translations" not in body
    assert search.gallery("zmeul", Filters()).items == []
    assert list(differences()) == []


def test_a_translation_is_gone_when_its_yes_runs_out() -> None:
    story = told("translate")
    put_beside(story, Beside.TRANSLATION, Locale.RO)
    save()
    with clock.fixed(clock.now() - timedelta(days=700)):
        child_says(story, {"translate": "yes"})
    save()
    until = db.session.scalars(select(Showing.visible_until)).one()
    assert until < clock.now() + timedelta(days=60)
    with clock.fixed(until):
        assert queries.story(story.id) is None


def test_a_voice_that_nobody_may_hear_is_read() -> None:
    story = make_shown(["gallery"], sounds=1, text="")
    save()
    assert queries.story(story.id) is None
    assert [worded.story.id for worded in listed("").stories] == [story.id]
    put_beside(story, Beside.TRANSCRIPT)
    body, tile = printed(story), queries.wall(Filters(medium="text")).items
    assert body["sounds"] == []
    assert body["unheard"] == [{"text": "Good evening, mother. I fed the hens.", "transcripts": {"en": CUES}}]
    assert tile == []  # fewer than the smallest cell
    assert queries.wall(Filters()).items[0].text == body["unheard"][0]["text"]
    assert db.session.scalars(select(ShowingMedia)).all() == []
    refuse_words(story, find_row(story, Beside.TRANSCRIPT).id)
    save()
    assert queries.story(story.id) is None


def test_chinese_that_is_read_has_no_gaps() -> None:
    story = make_shown(["gallery"], sounds=1, text="", locale=Locale.ZH)
    put_beside(story, Beside.TRANSCRIPT, cues=[[0, 1_000, "妈妈，晚上好。"], [1_000, 2_500, "我喂了鸡。"]])
    assert [each["text"] for each in printed(story)["unheard"]] == ["妈妈，晚上好。我喂了鸡。"]


def test_only_stories_that_may_be_shown_are_opened() -> None:
    held, hidden, leaving, counted = told(), told(), told(), told()
    open_case(make_staff(Role.SAFEGUARDING_LEAD).id, held, Level.AMBER, "Made up.")
    child_says(hidden, {"gallery": "no"})
    child_says(counted, {"gallery": "no", "research_counts": "yes", "archive": "yes"})
    guardian_says(counted, guardians_of(counted.storyteller_id)[0], {"research_counts": "yes", "archive": "yes"})
    actions.ask_erasure(leaving, Role.CHILD, now=False)
    save()
    for story in (held, hidden, leaving, counted):
        with pytest.raises(NotFound):
            find(story.id)
    assert listed("").stories == []
    assert queries.places_now(counted.id) == ["counts"]


def test_what_cannot_be_kept_is_named() -> None:
    story, staff = told("translate"), make_staff(Role.CURATOR)

    def faults(kind: Beside, locale: Locale | None = None, **words: Any) -> dict[str, str]:
        with pytest.raises(Faulty) as refusal:
            write_words(staff, find(story.id), place_of(story, kind, locale), words, "")
        return refusal.value.faults

    assert faults(Beside.CAPTION, text=" ") == {"text": "caption_length"}
    assert faults(Beside.NOTE, text="a" * 201) == {"text": "content_note_length"}
    assert faults(Beside.TRANSLATION, Locale.RO, title="", text="") == {"title": "untranslated", "text": "untranslated"}
    assert faults(Beside.TRANSCRIPT, cues=[[0, 9_000, "Late"]]) == {"cue-0": "cue_too_late"}
    with pytest.raises(NotFound):
        write_beside(story, Beside.TRANSLATION, Locale.EN)
    with pytest.raises(Invalid, match="themes"):
        set_themes(staff, find(story.id), ["weather"])
    set_themes(staff, find(story.id), ["heard", "feelings"])
    assert printed(story)["themes"] == ["feelings", "heard"]


def test_nothing_is_left_after_an_erasure() -> None:
    story = told()
    everything(told("translate"))
    put_beside(story, Beside.CAPTION)
    save()
    actions.ask_erasure(story, Role.CHILD, now=True)
    save()
    assert db.session.scalars(select(Wording).where(Wording.story_id == story.id)).all() == []
    assert len(db.session.scalars(select(Wording)).all()) == 4
