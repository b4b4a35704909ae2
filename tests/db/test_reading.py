"""Reading beside the session gives what the session would give, and says so when the database does not answer."""

import pytest
from sqlalchemy import Select, column, select, table
from sqlalchemy.exc import DBAPIError

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.extensions import db
from app.release.models import Showing
from app.release.queries import TILE, Filters, sharing_theme, story as whole, visible, wall
from app.release.reading import Question
from tests.factories.stories import make_shown

EVERYTHING = Showing.__table__.c


def as_the_session_reads(statement: Select[tuple[object, ...]], **values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(statement, values)]


def test_a_question_reads_as_the_session_does() -> None:
    for title in ("One", "Two"):
        make_shown(["gallery", "embed"], title=title, pictures=1)
    commit(outside().queue)
    values = {"place": "gallery", "now": clock.now()}
    for columns in (TILE, list(EVERYTHING)):
        statement = visible(*columns).order_by(EVERYTHING.story_id).limit(5)
        rows = Question(statement).ask(**values)
        assert len(rows) == 2
        assert [tuple(row) for row in rows] == as_the_session_reads(statement, **values)


def test_others_of_a_theme_are_the_newest_and_never_of_too_small_a_cell() -> None:
    family = set()
    for theme in ("heard", "family", "family", "heard", "family", "family", "family"):
        story = make_shown()
        story.themes = [theme, "rights"]
        if theme == "family":
            family.add(story.id)
    commit(outside().queue)
    newest = [item.story_id for item in wall(Filters()).items]
    for story_id in newest:
        item = whole(story_id)
        assert item is not None
        alike = [other for other in newest if other in family and other != story_id][:3]
        assert [other.story_id for other in sharing_theme(item)] == (alike if story_id in family else [])


def test_a_question_sees_what_is_committed_and_nothing_else() -> None:
    question = Question(select(EVERYTHING.story_id))
    story = make_shown()
    db.session.commit()
    db.session.execute(EVERYTHING.story_id.table.delete())
    assert [tuple(row) for row in question.ask()] == [(story.id,)]
    db.session.rollback()


def test_a_database_that_refuses_is_an_error_that_every_page_knows() -> None:
    for _ in range(30):  # more often than the pool has connections
        with pytest.raises(DBAPIError, match="nowhere"):
            Question(select(column("x")).select_from(table("nowhere"))).ask()
    assert Question(select(EVERYTHING.story_id)).ask() == []
