"""nginx in front of a running product, with the very file that is shipped."""

import http.client
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.services.processes import ROOT, Server, find_program, free_port, listens, wait_for

SHIPPED = ROOT / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Front:
    """nginx before a running product, configured by the shipped file with its four lines changed."""

    def __init__(self, url: str, data_dir: Path, folder: Path, workers: int = 1) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        told = {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "127.0.0.1:8000": urlsplit(url).netloc,
            "/var/lib/eyes/public/": f"{data_dir / 'public'}/",
            "/srv/eyes/static/dist/": f"{ROOT / 'static' / 'dist'}/",
            "/run/eyes-nginx": str(folder),
            "worker_processes auto;": f"worker_processes {workers}; daemon off; user root;",
        }
        text = SHIPPED.read_text(encoding="utf-8")
        for shipped, here in told.items():
            assert shipped in text
            text = text.replace(shipped, here)
        (folder / "nginx.conf").write_text(text)
        command = [find_program("nginx", Path("/usr/sbin")), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.server = Server([*command, "-e", str(folder / "error.log")], log=folder / "output.log")
        self.server.wait_until(lambda: listens(self.port))

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.kill()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def log(self, number: int) -> list[str]:
        """The lines of the access log, once there are so many: nginx writes each after its answer."""
        file = self.folder / "access.log"
        wait_for(lambda: file.read_text().count("\n") >= number, 5, f"line {number} of nginx's log")
        return file.read_text().splitlines()

    def written(self) -> str:
        """Everything in every log."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
