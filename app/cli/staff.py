"""`flask staff add`."""

import click
import pyotp
from flask.cli import AppGroup
from sqlalchemy import select

from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import add_staff
from app.people.models import Organisation
from app.people.permissions import STAFF_ROLES, Role

staff = AppGroup("staff", help="Add people to the team.")


@staff.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True, help="What colleagues see.")
@click.option("--role", required=True, type=click.Choice([role.value for role in STAFF_ROLES]))
@click.option("--organisation", required=True)
@click.option("--country", default="", help="ISO code, for a new organisation.")
def add_command(email: str, name: str, role: str, organisation: str, country: str) -> None:
    """Add somebody; their password and second factor are printed once."""
    with transaction():
        team = find_or_add_organisation(organisation, country)
        member, password, totp = add_staff(team, email, name, Role(role))
        address = member.email
    click.echo(f"{address}\npassword {password}\nsecond factor (TOTP secret) {totp}")


def find_or_add_organisation(name: str, country: str) -> Organisation:
    """The organisation of this name, added when it is new."""
    team = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if team is None:
        team = Organisation(name=name, country=country)
        db.session.add(team)
        db.session.flush()
    return team


@staff.command("code")
@click.argument("secret")
def code_command(secret: str) -> None:
    """Print the six digits that a TOTP secret stands for now, where no authenticator app is at hand."""
    click.echo(pyotp.TOTP(secret).now())
