"""The commands an operator runs: `flask db`, `keys`, `staff`, `texts`, `release`, `audit`, `worker` and more."""

from flask import Flask

from app.cli.audit import audit
from app.cli.backup.commands import backup, restore_command
from app.cli.consent import consent
from app.cli.database import database
from app.cli.demo import demo
from app.cli.keys import keys
from app.cli.processing import processing
from app.cli.profiles import profiles
from app.cli.release import release
from app.cli.sentences import speak
from app.cli.serve import serve
from app.cli.sites import sites
from app.cli.staff import staff
from app.cli.texts import texts
from app.cli.worker import worker

COMMANDS = (
    database,
    keys,
    staff,
    sites,
    profiles,
    texts,
    release,
    audit,
    consent,
    backup,
    restore_command,
    processing,
    worker,
    serve,
    demo,
)
for command in COMMANDS:
    speak(command)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
