"""Bringing the showcase in line with changed settings, a handful of stories in each transaction."""

from time import monotonic

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli.writing import transaction
from app.errors import Conflict
from app.release.following import follow
from app.release.rules import Phase

A_ROUND = 20.0
"""Seconds of each minute that the sweeper spends on what does not have to go dark."""


def go_dark() -> None:
    """Until nothing is shown that the settings of now do not allow. Raises `click.ClickException`, as `catch_up`."""
    try:
        _until({Phase.REST, Phase.DONE})
    except SQLAlchemyError as error:
        raise click.ClickException("the database does not answer, or `flask db upgrade` was not run") from error


def catch_up() -> None:
    """Until the showcase is what the settings of now say."""
    _until({Phase.DONE})


def catch_up_a_little() -> None:
    """The same, for a while; the next minute goes on."""
    _until({Phase.DONE}, A_ROUND)


def _until(phases: set[Phase], seconds: float = float("inf")) -> None:
    ends, begun = monotonic() + seconds, False
    while monotonic() < ends:
        try:
            with transaction():
                phase = follow(begun)
        except Conflict as error:
            raise click.ClickException(
                "another process runs with other settings or profiles: stop it, then start again"
            ) from error
        if phase in phases:
            return
        begun = True
