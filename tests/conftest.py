"""What every test may ask for comes from `tests/services`; what a test touches says which real servers it needs."""

import os

import pytest
from hypothesis import settings

from tests.services.memory import temporary_root

# In this order: each may import the ones before it.
pytest_plugins = [
    "tests.services.postgres",
    "tests.services.redis_server",
    "tests.services.s3",
    "tests.services.switch",
    "tests.services.chromium",
    "tests.services.application",
    "tests.services.live",
    "tests.services.other_site",
]

settings.register_profile("any machine", deadline=None)  # a busy one takes its time, and is not wrong
settings.load_profile("any machine")

SERVICES = {"postgres", "redis_server", "swift", "chromium", "live"}


def pytest_configure() -> None:
    """Nothing of the developer's own deployment reaches a test, and its temporary folders are quick ones."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", temporary_root())
    for name in [name for name in os.environ if name.startswith("EYES_")]:
        del os.environ[name]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs servers; keep the tests of the slowest one to start in one process."""
    for item in items:
        needed = SERVICES.intersection(getattr(item, "fixturenames", ()))
        if needed or (getattr(item, "callspec", None) and item.callspec.params.get("backend") == "postgresql"):
            item.add_marker("services")
        if "swift" in needed:
            item.add_marker(pytest.mark.xdist_group("swift"))
