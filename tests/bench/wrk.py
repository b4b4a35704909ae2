"""Load with `wrk`, the servers it is pointed at, and the least a rival can do."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.serve import web_arguments
from app.config import Settings
from tests.services.forking import PYTHON
from tests.services.live import environment
from tests.services.processes import ROOT, Server, free_port, listens

CONNECTIONS = 32
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
NGINX = """
worker_processes {processes};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {more}
    server {{ listen 127.0.0.1:{port}; {serves} }}
}}
"""
FILES = "root {folder}; default_type text/html;"
KEPT = """
    location / {{
        proxy_pass {behind}; proxy_cache kept; proxy_cache_valid 1h; proxy_ignore_headers Vary Cache-Control Expires;
        proxy_cache_key $request_uri$http_accept_encoding;
    }}
"""
"""The least that nginx must do to answer a page of somebody else's from its memory."""

TAKE_THE_NEXT = """
local paths, last = {{}}, 0
for path in io.lines("{paths}") do paths[#paths + 1] = path end
request = function()
    last = last % #paths + 1
    return wrk.format("GET", paths[last])
end
"""


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw: requests a second, and milliseconds for half and for 99 % of the requests."""

    rate: float
    p50: float
    p99: float


def load(address: str, *headers: str, seconds: int = 4, others: Path | None = None) -> Load:
    """Ask for one address with 32 connections; every answer must be a good one.

    `others`: a file of paths, one a line, of which each request takes the next.
    """
    said_to = [part for header in headers for part in ("-H", header)]
    if others is not None:
        script = others.with_suffix(".lua")
        script.write_text(TAKE_THE_NEXT.format(paths=others))
        said_to += ["-s", str(script)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *said_to, address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return Load(float(rate[1]), percentile(said, 50), percentile(said, 99))


def percentile(said: str, percent: int) -> float:
    """Milliseconds, out of wrk's table."""
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)\s", said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1]) * UNITS[found[2]]


@contextmanager
def served(target: str, settings: Settings, folder: Path, processes: int = 1, port: int = 0) -> Iterator[str]:
    """Granian, as the product starts it, serving `target`; its address."""
    port = port or free_port()
    command = [*PYTHON, *web_arguments("127.0.0.1", port, processes, program=target)]
    server = Server(command, log=folder / "server.log", cwd=ROOT, env=environment(settings))
    try:
        server.wait_until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()


@contextmanager
def nginx(folder: Path, processes: int, behind: str = "") -> Iterator[str]:
    """Nginx serving the files of `folder`, or what the server `behind` it says and it keeps; its address."""
    port = free_port()
    own = folder / f"nginx-{port}"
    own.mkdir()
    folder.chmod(0o755)
    serves = KEPT.format(behind=behind) if behind else FILES.format(folder=folder)
    more = f"proxy_cache_path {own}/kept keys_zone=kept:1m;" if behind else ""
    configuration = own / "nginx.conf"
    configuration.write_text(NGINX.format(folder=own, port=port, processes=processes, more=more, serves=serves))
    server = Server(["nginx", "-p", str(own), "-c", str(configuration)], log=own / "nginx.log")
    try:
        server.wait_until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
