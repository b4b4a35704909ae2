"""Whatever leaves a job behind names one that exists, and every job is asked for by somebody and begun at once."""

import ast

import pytest
from huey.consumer import Consumer

import app.cli.worker  # the worker imports every module that registers jobs
from app import create_app
from app.adapters.queue import JOBS
from app.config import Settings
from tests.house.tree import ROOT, below

assert app.cli.worker


def jobs_asked_for() -> dict[str, str]:
    """The name in each call of `later(…)` or `….send(…)` on the queue, with the file it stands in."""
    found = {}
    for path in below("app", endings=(".py",)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in ("later", "job") and node.args and path.name != "queue.py":
                name = node.args[0]
                assert isinstance(name, ast.Constant), f"{path}:{node.lineno}: a job's name stands where it is used"
                if called == "later":
                    found[str(name.value)] = str(path.relative_to(ROOT))
    return found


def test_every_job_asked_for_exists_and_every_job_is_asked_for() -> None:
    assert jobs_asked_for().keys() == JOBS.keys()


def test_a_worker_that_had_nothing_to_do_takes_up_a_job_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = []
    monkeypatch.setattr(Consumer, "run", lambda consumer: workers.extend(consumer.worker_threads))
    create_app(settings).test_cli_runner().invoke(args=["worker"], catch_exceptions=False)
    [(worker, _thread)] = workers
    waited: list[float] = []
    monkeypatch.setattr(worker.stop_flag, "wait", waited.append)
    for _ in range(50):
        worker.loop()
    assert len(waited) == 50
    assert max(waited) <= 0.5
