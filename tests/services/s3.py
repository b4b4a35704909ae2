"""A real S3 server: OpenStack Swift from its own virtual environment, in a temporary folder."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.adapters.s3 import connect_s3
from app.config import Settings
from tests.services.processes import Server, ServiceMissing, free_port

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-swift" / "bin" / "python"
ACCESS, SECRET = "tester", "made-up-for-the-tests"

_numbers = count(1)


class Swift:
    """A running Swift with its S3 interface on `endpoint`."""

    def __init__(self, folder: Path) -> None:
        if not PYTHON.exists():
            raise ServiceMissing("the S3 server is not installed; `make test` installs it into .venv-swift")
        self.folder = folder
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Serve from an empty folder until `stop`."""
        here = self.folder / f"run-{next(_numbers)}"
        here.mkdir()
        command = [str(PYTHON), str(Path(__file__).with_name("swift_server.py")), str(here), str(self.port)]
        self.server = Server([*command, ACCESS, SECRET], log=here / "log", env={"PYTHONWARNINGS": "ignore"})
        self.server.wait_until((here / "ready").exists, seconds=60)

    def stop(self) -> None:
        """End it and its four servers, which left its process group; what it held is lost."""
        self.server.stop()

    def settings(self) -> dict[str, Any]:
        """What to set so that the app keeps its media here, in two new buckets."""
        number = next(_numbers)
        chosen = {
            "storage": "s3",
            "s3_endpoint": self.endpoint,
            "s3_access_key": f"test:{ACCESS}",
            "s3_secret_key": SECRET,
            "s3_vault_bucket": f"vault-{number}",
            "s3_public_bucket": f"public-{number}",
        }
        client = connect_s3(Settings(**chosen))
        for bucket in (chosen["s3_vault_bucket"], chosen["s3_public_bucket"]):
            client.create_bucket(Bucket=bucket)
        return chosen


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """One Swift for this process of the test run."""
    server = Swift(tmp_path_factory.mktemp("swift"))
    yield server
    server.stop()
