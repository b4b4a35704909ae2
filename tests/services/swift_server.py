"""A whole OpenStack Swift on loopback, spoken to by its S3 interface; run by the interpreter of .venv-swift.

    python swift_server.py FOLDER PORT USER KEY

One replica on one device, no memcached, no root. It prints nothing, serves S3 on PORT until SIGTERM, and ends its four
servers then. The account, container and object servers take three free ports of their own.
"""

import getpass
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from swift.common.ring import RingBuilder

STORAGE = ("account", "container", "object")
DEADLINE_SECONDS = 60

COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
workers = 0
log_level = ERROR
fallocate_reserve = 0
"""

STORAGE_SERVER = """
[pipeline:main]
pipeline = {name}-server

[app:{name}-server]
use = egg:swift#{name}
"""

PROXY_SERVER = """
[pipeline:main]
pipeline = catch_errors s3api tempauth bulk slo proxy-server

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
min_segment_size = 1

[filter:tempauth]
use = egg:swift#tempauth
user_test_{access} = {secret} .admin

[filter:bulk]
use = egg:swift#bulk

[filter:slo]
use = egg:swift#slo
min_large_object_size = 1

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


def main(folder: Path, port: int, access: str, secret: str) -> None:
    """Lay out the folder, start the four servers, say so, and wait to be told to stop."""
    ports = dict(zip(STORAGE, free_ports(len(STORAGE)), strict=True))
    ports["proxy"] = port
    (folder / "devices" / "disk").mkdir(parents=True)
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_prefix = tests\nswift_hash_path_suffix = tests\n")
    for name in STORAGE:
        make_ring(folder, name, ports[name])
    servers = [start(folder, name, own, access, secret) for name, own in ports.items()]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for opened in ports.values():
            wait_until_open(opened)
        (folder / "ready").touch()
        while all(server.poll() is None for server in servers):
            time.sleep(0.2)
        sys.exit("a Swift server ended by itself")
    finally:
        for server in servers:
            server.kill()
            server.wait()


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


def make_ring(folder: Path, name: str, port: int) -> None:
    """A ring of one device and one replica: nothing to balance, nothing to copy."""
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{name}.ring.gz"))


def start(folder: Path, name: str, port: int, access: str, secret: str) -> subprocess.Popen[bytes]:
    """Write one server's configuration and start it."""
    text = COMMON + (PROXY_SERVER if name == "proxy" else STORAGE_SERVER)
    configuration = folder / f"{name}-server.conf"
    configuration.write_text(
        text.format(name=name, port=port, folder=folder, user=getpass.getuser(), access=access, secret=secret)
    )
    program = Path(sys.executable).with_name(f"swift-{name}-server")
    return subprocess.Popen([program, configuration], stdout=subprocess.DEVNULL)


def wait_until_open(port: int) -> None:
    """Return once something listens on the port."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
