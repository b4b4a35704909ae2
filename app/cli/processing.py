"""`flask processing register`: the record of processing activities (GDPR, article 30), made from the models.

`processing.toml` says of every column whether it is personal, whose, what for and how it is protected; this turns it
into a document, table by table in the order of the models. A column that is not classified is an error.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import MetaData

from app.extensions import Base

SOURCE = Path(__file__).with_name("processing.toml")
DOCUMENT = Path(__file__).parents[2] / "docs" / "processing.md"

HEAD = """\
# Register of processing activities

The record that article 30 of the GDPR asks for. Made by `flask processing register` from the models and from
[`app/cli/processing.toml`](../app/cli/processing.toml); `tests/house/test_processing.py` keeps it true. Whoever runs
the product is the controller, and adds to it: name and contact of the controller, of the data protection officer, and
of the companies that host, mail and keep backups (processors, art. 28). The product itself transfers nothing to a third
country; where servers or staff are outside the EU, that is the controller's to add. This is not legal advice.
"""

Register = dict[str, Any]

processing = AppGroup("processing", help="The register of processing activities.")


@processing.command("register")
def register_command() -> None:
    """Write docs/processing.md."""
    wrong = list(gaps(read(), Base.metadata))
    if wrong:
        raise click.ClickException("; ".join(wrong))
    DOCUMENT.write_text(document(read(), Base.metadata), encoding="utf-8")
    click.echo(f"wrote {DOCUMENT}")


def read() -> Register:
    """What `processing.toml` says."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def gaps(register: Register, models: MetaData) -> Iterator[str]:
    """What the models have and the register does not, and the other way round."""
    named = {f"{table}.{column}" for table, about in register["tables"].items() for column in about["columns"]}
    real = {f"{table.name}.{column.name}" for table in models.tables.values() for column in table.columns}
    yield from (f"{column} is not classified" for column in sorted(real - named))
    yield from (f"{column} is classified and gone" for column in sorted(named - real))


def document(register: Register, models: MetaData) -> str:
    """The register as a page."""
    sections = [HEAD, "## Whose data\n", listed(register["subjects"])]
    for key, activity in register["activities"].items():
        sections += [
            f"## {activity['title']}\n",
            f"**Purpose.** {activity['purpose']}\n",
            f"**Legal basis.** {activity['basis']}\n",
            f"**Recipients.** {activity['recipients']}\n",
        ]
        for name, about in register["tables"].items():
            if about["activity"] == key:
                sections += table_section(name, about, register["kept"], list(models.tables[name].columns.keys()))
    sections += ["## Beside the tables\n", listed(register["stores"])]
    sections += ["## How a column is protected\n", listed(register["protections"])]
    return "\n".join(sections)


def table_section(name: str, about: Register, kept: dict[str, str], order: list[str]) -> Iterator[str]:
    """One table: how long it is kept, its personal columns, and the names of the others."""
    yield f"### `{name}`\n"
    yield f"Kept {kept[about['kept']]}.\n"
    rows = [(column, *about["columns"][column]) for column in order]
    personal = [row for row in rows if len(row) > 1]
    if personal:
        yield "| column | whose | what | protected |\n|---|---|---|---|"
        yield "\n".join(f"| `{column}` | {whose} | {what} | {how} |" for column, whose, what, how in personal) + "\n"
    plain = [f"`{row[0]}`" for row in rows if len(row) == 1]
    if plain:
        yield f"Not personal: {', '.join(plain)}.\n"


def listed(words: dict[str, str]) -> str:
    """Words and what they mean."""
    return "\n".join(f"- **{word}**: {meaning}" for word, meaning in words.items()) + "\n"
