"""`flask staff`: accounts are added, closed, and given a new second factor; each of these is in the audit."""

import click
import pyotp
from flask.cli import AppGroup
from sqlalchemy import select

from app.cli.writing import transaction
from app.errors import Conflict
from app.extensions import db
from app.people.actions import add_staff, deactivate_staff, reset_second_factor
from app.people.models import Organisation, Staff
from app.people.permissions import STAFF_ROLES, Role
from app.people.rules import is_email
from app.people.sessions import find_staff

staff = AppGroup("staff", help="The accounts of the team.")


@staff.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True, help="What colleagues see.")
@click.option("--role", required=True, type=click.Choice([role.value for role in STAFF_ROLES]))
@click.option("--organisation", required=True)
@click.option("--country", default="", help="ISO code, for a new organisation.")
def add_command(email: str, name: str, role: str, organisation: str, country: str) -> None:
    """Add somebody; their password and second factor are printed once."""
    if not is_email(email):
        raise click.BadParameter("this does not look like an e-mail address", param_hint="--email")
    try:
        with transaction():
            team = find_or_add_organisation(organisation, country)
            member, password, totp = add_staff(team, email, name, Role(role))
            address = member.email
    except Conflict as error:
        raise click.ClickException("this e-mail address has an account already; nothing was changed") from error
    click.echo(f"{address}\npassword {password}\nsecond factor (TOTP secret) {totp}")


def find_or_add_organisation(name: str, country: str) -> Organisation:
    """The organisation of this name, added when it is new."""
    team = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if team is None:
        team = Organisation(name=name, country=country)
        db.session.add(team)
        db.session.flush()
    return team


@staff.command("deactivate")
@click.option("--email", required=True)
def deactivate_command(email: str) -> None:
    """Close an account: nobody can log in with it, and whoever is logged in is out at once."""
    with transaction():
        deactivate_staff(find_account(email))
    click.echo("The account is inactive.")


@staff.command("reset-factor")
@click.option("--email", required=True)
def reset_factor_command(email: str) -> None:
    """Make a new second factor for somebody who lost theirs; it is printed once."""
    with transaction():
        totp = reset_second_factor(find_account(email))
    click.echo(f"second factor (TOTP secret) {totp}")


def find_account(email: str) -> Staff:
    """The active account with this address."""
    found = find_staff(email)
    if found is None:
        raise click.ClickException("no active account has this e-mail address")
    return found


@staff.command("code")
@click.argument("secret")
def code_command(secret: str) -> None:
    """Print the six digits that a TOTP secret stands for now, where no authenticator app is at hand."""
    try:
        code = pyotp.TOTP(secret).now()
    except ValueError as error:
        raise click.ClickException(
            "this is no TOTP secret: that is 23 or more of the letters A-Z and the digits 2-7"
        ) from error
    click.echo(code)
