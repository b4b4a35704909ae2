"""The start of every process: what the operator has to put right is said, a line for each, in place of a traceback."""

import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import click
from flask import Flask
from pydantic import ValidationError

from app import create_app
from app.adapters.owning import told
from app.config import PREFIX, Settings

NAMES = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]


def start() -> Flask:
    """The application. Raises SystemExit, with the lines, where it cannot be what the operator gave it."""
    for line in unknown(os.environ):
        click.echo(line, err=True)
    try:
        return create_app()
    except ValidationError as error:
        raise SystemExit("\n".join(faults(error))) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise SystemExit(f"Error: {told(error)}") from None


def unknown(given: Iterable[str]) -> Iterator[str]:
    """A warning for each name that looks like a setting and is none; never its value."""
    for name in sorted(name for name in given if name.upper().startswith(PREFIX) and name.upper() not in NAMES):
        meant = get_close_matches(name.upper(), NAMES, 1)
        yield f"Warning: {name} is no setting{f'; {meant[0]} is one' if meant else ''}"


def faults(error: ValidationError) -> Iterator[str]:
    """What is allowed for each setting that cannot be used. The value is left out: it may be secret."""
    for fault in error.errors(include_input=False, include_url=False):
        if not fault["loc"]:
            yield from (f"Error: {line}" for line in fault["msg"].removeprefix("Value error, ").splitlines())
            continue
        name = str(fault["loc"][0])
        about = Settings.model_fields[name].description
        yield f"Error: {PREFIX}{name.upper()}: {fault['msg'].removeprefix('Value error, ')}. {about}"
