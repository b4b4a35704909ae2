"""In which order the worker takes what waits."""

from pathlib import Path

from app.adapters.queue import HueyQueue, Queue, choose_queue
from app.config import Settings
from tests.services.redis_server import RedisServer

SENT = [("media.make_renditions", "one"), ("media.make_renditions", "two"), ("people.send_letter", "three")]
TAKEN = ["three", "one", "two"]


def taken(queue: Queue) -> list[str]:
    """What a worker would get, after all of it was sent."""
    assert isinstance(queue, HueyQueue)
    for name, its_id in SENT:
        queue.send(name, its_id)
    waiting = [queue.huey.dequeue() for _ in SENT]
    return [task.args[1] for task in waiting if task is not None]


def test_a_letter_does_not_stand_behind_decodes(tmp_path: Path) -> None:
    assert taken(choose_queue(Settings(data_dir=tmp_path))) == TAKEN


def test_nor_does_it_on_redis(redis_server: RedisServer, tmp_path: Path) -> None:
    assert taken(choose_queue(Settings(data_dir=tmp_path, queue_url=redis_server.url))) == TAKEN
