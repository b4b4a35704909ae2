"""What every test may ask for comes from `tests/services`; what a test touches says which real servers it needs."""

import gc
import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.services")

from tests.services.memory import temporary_root  # noqa: E402  (rewritten as well)

# In this order: each may import the ones before it.
OFFERING = (
    "tests.services.postgres",
    "tests.services.redis_server",
    "tests.services.s3",
    "tests.services.switch",
    "tests.services.chromium",
    "tests.services.nu",
    "tests.services.application",
    "tests.services.live",
    "tests.services.other_site",
)

settings.register_profile("any machine", deadline=None)  # a busy one takes its time, and is not wrong
settings.load_profile("any machine")

SERVICES = {"postgres", "redis_server", "swift", "chromium", "nu", "live", "start_shared"}


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the developer's own deployment reaches a test, and its temporary folders are quick ones."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", temporary_root())
    for name in [name for name in os.environ if name.startswith("EYES_")]:
        del os.environ[name]
    if runs_tests(config):
        gc.disable()  # until all is imported: none of that is garbage
        for name in OFFERING:
            config.pluginmanager.import_plugin(name)


def runs_tests(config: pytest.Config) -> bool:
    """Whether this process runs tests: who hands them out to others need not know the product."""
    return hasattr(config, "workerinput") or config.getoption("dist", "no") == "no"


def pytest_collection_finish() -> None:
    """What is imported by now stays: a collector that looks through it again and again takes a fifth of a run."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """pytest has looked through everything for what the last tests left open; it would do so once more."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs servers; keep in one process the tests of the slowest one to start, and those that share one."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        needed = SERVICES.intersection(names)
        if needed or (getattr(item, "callspec", None) and item.callspec.params.get("backend") == "postgresql"):
            item.add_marker("services")
        if "swift" in needed:
            item.add_marker(pytest.mark.xdist_group("swift"))
        elif "start_shared" in names:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
