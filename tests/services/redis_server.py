"""A Redis of the tests' own, in memory, on a free loopback port."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.services.processes import Server, find_program, free_port, listens


class RedisServer:
    """A running Redis that can be stopped and started again, empty, on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Serve until `stop`."""
        place = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder))
        command = [find_program("redis-server"), *place, "--save", "", "--appendonly", "no"]
        self.server = Server(command, log=self.folder / "log")
        self.server.wait_until(lambda: listens(self.port))

    def stop(self) -> None:
        """End it, whatever it holds."""
        self.server.kill()


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for this process of the test run."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_process: RedisServer) -> RedisServer:
    """A running and empty Redis."""
    if redis_process.server.process.poll() is not None:
        redis_process.start()
    with redis.Redis.from_url(redis_process.url) as client:
        client.flushall()
    return redis_process
