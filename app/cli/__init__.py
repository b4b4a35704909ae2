"""The commands an operator runs: `flask db`, `keys`, `staff`, `texts`, `release`, `audit`, `worker` and more."""

from functools import cache
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

from app.cli.sentences import speak

COMMANDS = {
    "audit": "audit:audit",
    "backup": "backup.commands:backup",
    "consent": "consent:consent",
    "db": "database:database",
    "demo": "demo:demo",
    "keys": "keys:keys",
    "processing": "processing:processing",
    "profiles": "profiles:profiles",
    "release": "release:release",
    "restore": "backup.commands:restore_command",
    "serve": "serve:serve",
    "sites": "sites:sites",
    "staff": "staff:staff",
    "texts": "texts:texts",
    "worker": "worker:worker",
}
"""In which module of this package each is, and under what name there."""


class Commands(AppGroup):
    """Ours beside those of others. A module is imported when its command is asked for: a web process needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in COMMANDS else super().get_command(ctx, cmd_name)


@cache
def load(name: str) -> click.Command:
    """One of our commands."""
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(f"app.cli.{module}"), attribute)
    return speak(command)


def init_app(app: Flask) -> None:
    """Register every command."""
    app.cli = Commands(commands=app.cli.commands)
