"""In which order the worker takes what waits."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app.adapters.queue import HueyQueue, Queue, choose_queue
from app.cli.worker import sweep_each_minute
from app.config import Settings
from tests.services.redis_server import RedisServer

SENT = [("media.make_renditions", "one"), ("media.make_renditions", "two"), ("people.send_letter", "three")]
TAKEN = ["sweep", "three", "one", "two"]


def taken(queue: Queue) -> list[str]:
    """What a worker would get, after all of it was sent and a minute began."""
    assert isinstance(queue, HueyQueue)
    sweep_each_minute(Flask(__name__), queue)
    for name, its_id in SENT:
        queue.send(name, its_id)
    for task in queue.huey.read_periodic(datetime.now(UTC).replace(tzinfo=None)):
        queue.huey.enqueue(task)
    waiting = [queue.huey.dequeue() for _ in TAKEN]
    return [task.args[1] if task.args else task.name for task in waiting if task is not None]


def test_neither_a_letter_nor_the_sweep_stands_behind_decodes(tmp_path: Path) -> None:
    assert taken(choose_queue(Settings(data_dir=tmp_path))) == TAKEN


def test_a_sweep_that_waited_too_long_is_dropped_but_never_the_newest(tmp_path: Path) -> None:
    queue = choose_queue(Settings(data_dir=tmp_path))
    assert isinstance(queue, HueyQueue)
    sweep_each_minute(Flask(__name__), queue)
    (task,) = queue.huey.read_periodic(datetime.now(UTC).replace(tzinfo=None))
    assert 60 < task.expires < 120


def test_nor_do_they_on_redis(redis_server: RedisServer, tmp_path: Path) -> None:
    assert taken(choose_queue(Settings(data_dir=tmp_path, queue_url=redis_server.url))) == TAKEN
