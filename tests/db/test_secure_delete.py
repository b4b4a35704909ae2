"""A row that was deleted is not left in the file, whatever the machine's SQLite does by itself."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from app.extensions import prepare_engine

CANARY = "canary-wrapped-key-" * 20


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_deleted_is_overwritten_also_where_sqlite_was_built_to_leave_it(tmp_path: Path) -> None:
    file = tmp_path / "eyes.sqlite"
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def built_to_leave_it(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA secure_delete=OFF")

    prepare_engine(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE data_key (id INTEGER PRIMARY KEY, wrapped TEXT)"))
        connection.execute(text("INSERT INTO data_key (wrapped) VALUES (:key), ('another')"), {"key": CANARY})
    engine.dispose()
    assert CANARY.encode() in file.read_bytes()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM data_key WHERE id = 1"))
    engine.dispose()
    assert CANARY.encode() not in file.read_bytes()
