"""The operator's commands: `flask db`, `keys`, `staff`, `release`, `audit`, `consent`, `profiles` and so on."""

from flask import Flask

from app.cli.audit import audit
from app.cli.consent import consent
from app.cli.database import database
from app.cli.demo import demo
from app.cli.keys import keys
from app.cli.profiles import profiles
from app.cli.release import release
from app.cli.serve import serve
from app.cli.staff import staff
from app.cli.worker import worker

COMMANDS = (database, keys, staff, release, audit, consent, profiles, worker, serve, demo)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
