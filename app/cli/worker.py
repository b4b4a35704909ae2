"""`flask worker`: runs the jobs, and every minute the sweeper."""

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import crontab

import app.media.tasks
import app.people.tasks
import app.release.tasks  # noqa: F401  (the jobs register themselves)
from app.adapters import outside
from app.adapters.queue import FIRST, JOBS, HueyQueue, commit, rollback
from app.cli.outages import calm_huey
from app.cli.sweeper import sweep
from app.extensions import writing

log = structlog.get_logger()

IDLE_SECONDS = 0.5
"""How long a worker without work waits until it asks a queue on SQLite again. Huey would wait up to ten seconds, and a
child meanwhile for a picture; a queue on Redis calls by itself."""
MISSED = 90
"""Seconds that a sweep may wait behind a long job; more than a minute, so that the newest is never too old."""


def run_job(app: Flask, name: str, *args: str) -> None:
    """Run one job inside an app context; a failure is logged and left to the sweeper."""
    with app.app_context():
        token = writing.set(True)
        try:
            JOBS[name](*args)
            commit(outside().queue)
        except Exception as error:  # noqa: BLE001  whatever it was, the database still says what is unfinished
            rollback()
            log.error("job.failed", job=name, error=type(error).__name__)
        finally:
            writing.reset(token)


def sweep_each_minute(app: Flask, queue: HueyQueue) -> None:
    """Sweep before whatever else waits; what was missed longer ago than `MISSED` is not made up for."""

    @queue.huey.periodic_task(crontab(minute="*"), priority=FIRST, expires=MISSED, name="sweep")  # type: ignore[untyped-decorator]
    def sweep_every_minute() -> None:
        with app.app_context():
            sweep()


@click.command("worker")
@click.option("--workers", default=1, show_default=True, help="Jobs that run at once.")
@with_appcontext
def worker(workers: int) -> None:
    """Run jobs until stopped."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    queue = outside().queue
    if not isinstance(queue, HueyQueue):
        raise click.ClickException("this queue has no worker")
    calm_huey()
    queue.run = lambda name, *args: run_job(application, name, *args)

    sweep_each_minute(application, queue)
    sweep()
    queue.huey.create_consumer(workers=workers, periodic=True, check_worker_health=True, max_delay=IDLE_SECONDS).run()
