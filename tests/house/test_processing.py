"""The register of processing names every column of every table, says true things of it, and is written down."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from app.cli.processing import DOCUMENT, SOURCE, Register, document, gaps, read
from app.extensions import Base

SEALED = ("story", "storyteller", "evidence", "keyring")


@pytest.fixture
def register(app: Flask) -> Register:
    """The register, with every model there is."""
    return read()


def personal(register: Register) -> Iterator[tuple[str, str, str, str, str]]:
    """Table, column, whose, what and how of every personal column."""
    for table, about in register["tables"].items():
        for column, entry in about["columns"].items():
            if entry:
                whose, what, how = entry
                yield table, column, whose, what, how


def test_every_column_is_classified_and_every_classified_column_is_there(register: Register) -> None:
    assert len(register["tables"]) > 20
    assert list(gaps(register, Base.metadata)) == []


def test_a_new_column_and_a_gone_one_would_be_noticed(register: Register) -> None:
    models = MetaData()
    Table("story", models, Column("id", String), Column("birth_date", String))
    story = {"story": {"columns": {"id": [], "title": []}}}
    assert list(gaps({"tables": story}, models)) == [
        "story.birth_date is not classified",
        "story.title is classified and gone",
    ]


def test_every_word_is_explained_and_every_explanation_is_used(register: Register) -> None:
    whose = {word for _, _, subjects, _, _ in personal(register) for word in subjects.split(" and ")}
    assert whose == register["subjects"].keys()
    assert {how for *_, how in personal(register)} == register["protections"].keys()
    for key, words in (("activity", "activities"), ("kept", "kept")):
        assert {about[key] for about in register["tables"].values()} == register[words].keys()


def test_what_is_said_to_be_sealed_is_bytes_and_all_sealed_bytes_are_said_to_be(register: Register) -> None:
    said = {f"{t}.{c}" for t, c, _, _, how in personal(register) if how in SEALED}
    stored = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert stored - {"data_key.wrapped"} == said


def test_the_document_is_the_register(register: Register) -> None:
    wanted = document(register, Base.metadata)
    assert DOCUMENT.read_text(encoding="utf-8") == wanted, "run `flask processing register`"
    assert SOURCE.name in wanted
