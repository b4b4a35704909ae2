"""`flask demo`: everything a first visit needs, in one command."""

import os
import sys
from functools import partial

import click
from flask.cli import AppGroup

from app.adapters import outside
from app.adapters.keyring import Keyring
from app.cli.database import upgrade
from app.cli.keys import refuse_beside_data
from app.cli.log_ins import LOG_INS, LogIn, read_back, write_down
from app.cli.serve import Target, once_it_answers, refuse_taken, run_module, run_together, run_worker, web_arguments

demo = AppGroup("demo", help="Prepare and run the demo.")


@demo.command("prepare")
def prepare_command() -> None:
    """Make keys, migrate and seed, each only when it was not done before."""
    make_keys()
    prepare()


@demo.command("run")
@click.option("--port", default=8000, show_default=True, envvar="PORT")
def run_command(port: int) -> None:
    """Prepare the demo, serve it until Ctrl-C, and print its log-ins once it answers."""
    if make_keys():
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606  (begin again: without keys no session works here)
    refuse_taken("127.0.0.1", port)
    log_ins: list[LogIn] = []
    targets: list[Target] = [partial(run_module, web_arguments("127.0.0.1", port)), run_worker]
    begun = once_it_answers(f"http://127.0.0.1:{port}", lambda: welcome(log_ins, port))
    sys.exit(run_together(targets, begun, lambda: log_ins.extend(prepare())))


def prepare() -> list[LogIn]:
    """Do what was not done before, of a demo that has keys; its log-ins."""
    upgrade()
    written_down = outside().settings.data_dir / LOG_INS
    if not written_down.exists():
        click.echo("Painting and telling the demo's stories; this takes a minute, once.")
        from app.cli.seed import seed  # noqa: PLC0415  (once; all that paints would hold up each start)

        write_down(written_down, seed())
    return read_back(written_down)


def make_keys() -> bool:
    """Make the keyring of a demo that has none; whether there was none."""
    settings = outside().settings
    if not settings.demo:
        raise click.ClickException("set EYES_DEMO=1: the demo's letters and log-ins are not for a real deployment")
    missing = not settings.keyring.exists()
    if missing:
        refuse_beside_data()
        Keyring.create(settings.keyring)
    return missing


def welcome(log_ins: list[LogIn], port: int) -> None:
    """Say where the demo is and how to log in."""
    address = f"http://127.0.0.1:{port}"
    click.echo(f"\nEyes on Me is at {address}  (letters of the demo: {address}/dev/mail)")
    click.echo(f"The team logs in at {address}/staff/login with a password and a six-digit code.")
    click.echo("`.venv/bin/flask --app wsgi staff code SECRET` prints the code; so does any authenticator app.\n")
    for row in [LogIn("e-mail", "role", "password", "SECRET"), *log_ins]:
        click.echo(f"  {row.role:18} {row.email:32} {row.password:22} {row.totp}")
    click.echo(f"\nThey are kept in {LOG_INS} in the data folder. Every story is made up. Ctrl-C stops everything.")
