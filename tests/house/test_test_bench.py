"""The tests' own ground: what it promises to keep out stays out, what it promises to be real is real."""

import socket
from collections.abc import Callable
from contextlib import closing

import pytest
from flask import Flask
from playwright.sync_api import Error
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text

from app.adapters import choose_stores
from app.adapters.storage import Missing
from app.config import Settings
from app.extensions import db
from tests.services.chromium import Visitor
from tests.services.live import Live
from tests.services.processes import ServiceMissing, find_program
from tests.services.redis_server import RedisServer
from tests.services.s3 import Swift

SOMEWHERE_ELSE = "192.0.2.1"
"""An address that is kept free for documentation."""


def test_no_test_reaches_another_machine() -> None:
    refused = pytest.raises((SocketConnectBlockedError, UserWarning), match="tried to use socket")
    with closing(socket.socket()) as connection, refused:
        connection.connect((SOMEWHERE_ELSE, 80))


def test_a_missing_server_fails_and_does_not_skip() -> None:
    with pytest.raises(ServiceMissing, match="make test"):
        find_program("a-server-nobody-has")


@pytest.mark.parametrize(("backend", "shown"), [("sqlite", "3."), ("postgresql", "PostgreSQL ")])
def test_each_database_is_the_real_one(app: Flask, backend: str, shown: str) -> None:
    question = "SELECT sqlite_version()" if backend == "sqlite" else "SELECT version()"
    with app.app_context():
        assert db.session.scalar(text(question)).startswith(shown)
        assert db.session.scalar(text("SELECT version_num FROM alembic_version"))


def test_redis_forgets_what_the_last_test_left(redis_server: RedisServer) -> None:
    redis_server.stop()
    redis_server.start()


def test_the_s3_server_keeps_what_it_is_given(swift: Swift) -> None:
    vault, public = choose_stores(Settings(**swift.settings()))
    assert vault.put("story/asset/original", [b"one ", b"two"]) == 7
    assert b"".join(vault.open("story/asset/original", 4)) == b"two"
    with pytest.raises(Missing):
        public.size("story/asset/original")


def test_the_product_starts_stops_and_starts_again(live: Live) -> None:
    live.stop()
    live.start()
    live.kill9()
    live.start()


def test_a_page_that_reaches_elsewhere_is_noticed(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    visitor = new_visitor()
    page = visitor.page()
    page.goto(f"{live.url}/healthz")
    page.evaluate(
        "() => { setTimeout(() => { throw new Error('broken') }); return new Promise(r => setTimeout(r, 50)) }"
    )
    with pytest.raises(Error):
        page.goto(f"http://{SOMEWHERE_ELSE}/")
    assert visitor.wrong == ["error: broken", f"asked for http://{SOMEWHERE_ELSE}/"]
    visitor.wrong.clear()
