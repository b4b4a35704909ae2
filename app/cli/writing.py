"""The edge of a command: it writes, commits once at the end, and undoes everything when it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.extensions import writing


@contextmanager
def transaction() -> Iterator[None]:
    """Everything in the block is one transaction."""
    token = writing.set(True)
    try:
        yield
        commit(outside().queue)
    except BaseException:
        rollback()
        raise
    finally:
        writing.reset(token)
