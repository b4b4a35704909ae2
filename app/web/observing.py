"""Logs and metrics. Neither holds an address, a path, a form value or a name: only endpoints, codes and times."""

import logging
import sys
import time
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import TextIO, cast

import structlog
from flask import Flask, g, request
from flask.wrappers import Response
from prometheus_client import Counter, Histogram

REQUESTS = Counter("eyes_requests_total", "Answers by endpoint and status.", ["endpoint", "status"])
SECONDS = Histogram("eyes_request_seconds", "Seconds to answer, by endpoint.", ["endpoint"])

log = structlog.get_logger()


class CalmOutput:
    """Standard output that never fails an answer: on a full disk a line of the log is lost, and no story."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stdout.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stdout.flush()


def init_app(app: Flask) -> None:
    """Count and time every answer; log those that went wrong on our side."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, CalmOutput())),
    )
    app.before_request(start)
    app.after_request(finish)


def start() -> None:
    """Remember when the request came."""
    g.started = time.perf_counter()


@cache
def series(endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """What is counted and timed under these names: as many as the product has endpoints and statuses."""
    return REQUESTS.labels(endpoint, str(status)), SECONDS.labels(endpoint)


def finish(response: Response) -> Response:
    """Count the answer."""
    endpoint = request.endpoint or "none"
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    answers, times = series(endpoint, response.status_code)
    answers.inc()
    times.observe(seconds)
    if response.status_code >= 500 and response.status_code != HTTPStatus.NOT_IMPLEMENTED:
        log.error("request", endpoint=endpoint, status=response.status_code, ms=round(seconds * 1000))
    return response
