"""`flask serve`: the web server and the worker side by side, stopped together."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

import click

GRACE_SECONDS = 15


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option("--threads", default=4, show_default=True, help="Requests that one process answers at once.")
@click.option("--worker/--no-worker", default=True, help="Start the worker beside the web process.")
def serve(host: str, port: int, processes: int, threads: int, worker: bool) -> None:
    """Serve on HOST:PORT until Ctrl-C or SIGTERM."""
    commands = [web_command(host, port, processes, threads)]
    if worker:
        commands.append([sys.executable, "-m", "flask", "--app", "wsgi", "worker"])
    sys.exit(run_together(commands))


def web_command(host: str, port: int, processes: int, threads: int) -> list[str]:
    """How granian is started; its default of hundreds of threads would double the slowest answers."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--backpressure", str(threads * 16), "--log-level", "warning"),
        "wsgi:app",
    ]


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run processes until one ends or a signal comes; then end all of them. The first failing exit code."""
    running: list[subprocess.Popen[bytes]] = []

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for process in running:
            process.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    running.extend(subprocess.Popen(command, start_new_session=True) for command in commands)
    codes = [end_all(running, process) for process in running[:1]]
    return next((code for code in codes if code not in (0, -signal.SIGTERM)), 0)


def end_all(running: Sequence[subprocess.Popen[bytes]], first: subprocess.Popen[bytes]) -> int:
    """Wait for `first`, then end the others, kindly and then not."""
    code = first.wait()
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    return code
