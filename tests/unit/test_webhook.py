"""Webhooks reach the public Internet and nothing else, take seconds at most, and believe nothing they are told."""

import json
import socket
import time
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from app.adapters.webhook import ANSWER_BYTES, HttpWebhook, MemoryWebhook, Patience, Reply, is_public
from app.errors import Invalid, Unavailable
from tests.factories.receivers import answering, certificate, dripping, hanging, receiver, saying

BODY = json.dumps({"type": "story.taken_back"}).encode()
HEADERS = {"Content-Type": "application/json", "Eyes-Notice": "N1"}
SHORT = Patience(call=0.6, step=0.2)
OK = answering("200 OK", b'{"acknowledged": true}')


class Resolver:
    """Answers each look-up with the next of its answers, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def post(webhook: HttpWebhook, url: str) -> Reply:
    return webhook.post(url, HEADERS, BODY)


def near(patience: Patience = SHORT) -> HttpWebhook:
    """A webhook as the demo has it, in a hurry."""
    return HttpWebhook(loopback=True, patience=patience)


def test_a_receiver_gets_the_body_and_the_headers_and_its_answer_comes_back() -> None:
    with receiver(OK) as there:
        assert post(near(), f"http://127.0.0.1:{there.port}/hook?a=1") == Reply(200, b'{"acknowledged": true}')
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert body == BODY
    assert lines[0] == "POST /hook?a=1 HTTP/1.1"
    assert f"Host: 127.0.0.1:{there.port}" in lines
    assert "Eyes-Notice: N1" in lines


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "192.88.99.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.1.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "100::1",
    ],
)
def test_addresses_that_are_nobody_on_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:800::200e"])
def test_addresses_that_are_somebody(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "fd00:ec2::254"])
def test_one_private_address_spoils_a_name(private: str) -> None:
    for found in ([private], ["1.1.1.1", private], [private, "1.1.1.1"]):
        with pytest.raises(Unavailable):
            post(HttpWebhook(resolve=Resolver(found)), "https://receiver.example/hook")


def test_a_resolver_that_lies_the_second_time_is_not_asked_a_second_time() -> None:
    liar = Resolver(["1.1.1.1"], ["127.0.0.1"])
    stopped = pytest.raises((SocketConnectBlockedError, UserWarning), match=r'with host "1\.1\.1\.1"')
    with receiver(OK) as there, stopped:  # no test reaches another machine, and what stops it says where it went
        post(HttpWebhook(resolve=liar), "https://receiver.example/hook")
    assert liar.asked == [("receiver.example", 443)]
    assert there.requests == []


def test_the_connection_goes_to_the_checked_address_in_the_name_of_the_name(tmp_path: Path) -> None:
    server, trusting = certificate(tmp_path, "receiver.example")
    names = []
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    liar = Resolver(["127.0.0.1"], ["10.0.0.1"])
    with receiver(OK, server) as there:
        webhook = HttpWebhook(loopback=True, resolve=liar, tls=trusting, patience=SHORT)
        assert post(webhook, f"https://receiver.example:{there.port}/").status == 200
    assert names == ["receiver.example"]
    assert f"Host: receiver.example:{there.port}\r\n".encode() in there.requests[0]
    assert len(liar.asked) == 1


def test_a_certificate_for_somebody_else_or_from_nobody_is_refused(tmp_path: Path) -> None:
    server, trusting = certificate(tmp_path, "other.example")
    with receiver(OK, server) as there:
        for tls in (trusting, None):
            webhook = HttpWebhook(loopback=True, resolve=Resolver(["127.0.0.1"]), tls=tls, patience=SHORT)
            with pytest.raises(Unavailable):
                post(webhook, f"https://receiver.example:{there.port}/")
    assert there.requests == []


def test_a_receiver_without_tls_is_not_spoken_to() -> None:
    with receiver(OK) as there:
        webhook = HttpWebhook(loopback=True, resolve=Resolver(["127.0.0.1"]), patience=SHORT)
        with pytest.raises(Unavailable):
            post(webhook, f"https://receiver.example:{there.port}/")
    assert not any(BODY in request for request in there.requests)


def test_a_redirect_is_not_followed() -> None:
    with receiver(OK) as inside:
        there = answering("302 Found", b"", f"Location: http://127.0.0.1:{inside.port}/")
        with receiver(there) as outer:
            assert post(near(), f"http://127.0.0.1:{outer.port}/").status == 302
    assert inside.requests == []


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver(OK) as proxy, receiver(answering("204 No Content")) as there:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(near(), f"http://127.0.0.1:{there.port}/") == Reply(204, b"")
    assert proxy.requests == []


def seconds_until_unavailable(webhook: HttpWebhook, url: str) -> float:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        post(webhook, url)
    return time.monotonic() - began


def test_a_receiver_that_hangs_costs_one_step() -> None:
    with receiver(hanging) as there:
        spent = seconds_until_unavailable(near(), f"http://127.0.0.1:{there.port}/")
    assert 0.15 < spent < 0.45


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_receiver_that_drips_costs_one_call(head: bytes) -> None:
    with receiver(dripping(head)) as there:
        spent = seconds_until_unavailable(near(), f"http://127.0.0.1:{there.port}/")
    assert 0.5 < spent < 1.2


def test_a_body_that_drips_is_cut_off_and_the_status_counts() -> None:
    began = time.monotonic()
    with receiver(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")) as there:
        assert post(near(), f"http://127.0.0.1:{there.port}/") == Reply(200, b"")
    assert time.monotonic() - began < 1.2


def test_a_handshake_that_never_ends_costs_one_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        webhook = HttpWebhook(loopback=True, resolve=Resolver(["127.0.0.1"]), patience=SHORT)
        spent = seconds_until_unavailable(webhook, f"https://receiver.example:{silent.getsockname()[1]}/")
    assert 0.15 < spent < 0.45


def test_a_resolver_that_hangs_costs_one_step() -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(0.5)
        return ["127.0.0.1"]

    webhook = HttpWebhook(loopback=True, resolve=slow, patience=SHORT)
    assert 0.15 < seconds_until_unavailable(webhook, "https://receiver.example/") < 0.45


def test_of_a_hundred_megabytes_only_the_beginning_is_read() -> None:
    sent = 0

    def pour(connection: socket.socket, _stop: object) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(1_000):
            connection.sendall(b"x" * 100_000)
            sent += 100_000

    with receiver(pour) as there:
        reply = post(near(Patience(call=5, step=2)), f"http://127.0.0.1:{there.port}/")
    assert reply.status == 200
    assert 60_000 < len(reply.body) < ANSWER_BYTES
    assert sent < 20_000_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 4_000,
    ],
)
def test_nonsense_is_no_answer(raw: bytes) -> None:
    with receiver(saying(raw)) as there, pytest.raises(Unavailable):
        post(near(), f"http://127.0.0.1:{there.port}/")


@pytest.mark.parametrize(
    "body",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\nx",
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
    ],
)
def test_a_body_of_nonsense_is_an_empty_one(body: bytes) -> None:
    with receiver(saying(b"HTTP/1.1 200 OK\r\n" + body)) as there:
        reply = post(near(), f"http://127.0.0.1:{there.port}/")
    assert (reply.status, reply.body) in ((200, b""), (200, b"x"))


def test_nobody_listening_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable):
        post(near(), f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receiver.example",
        "http://receiver.example/",
        "http://127.0.0.1/",
        "https://",
        "https:///path",
        "https://user@receiver.example/",
        "https://user:pass@receiver.example/",
        "https://receiver.example/#part",
        "https://receiver.example:22/",
        "https://receiver.example:0/",
        "https://receiver.example:99999/",
        "https://receiver.example:port/",
        "https://receiver.example/a b",
        "https://receiver.example/\r\nX: y",
        "https://bücher.example/",
        "https://[bad/",
        "ftp://receiver.example/",
        "file:///etc/passwd",
        "gopher://receiver.example/",
    ],
)
def test_addresses_that_are_never_posted_to(url: str) -> None:
    for webhook in (HttpWebhook(), MemoryWebhook()):
        with pytest.raises(Invalid) as caught:
            webhook.check(url)
        assert (caught.value.code, caught.value.field) == ("not_a_webhook", "webhook")
    resolver = Resolver(["1.1.1.1"])
    with pytest.raises(Unavailable):
        post(HttpWebhook(resolve=resolver), url)
    assert resolver.asked == []


@pytest.mark.parametrize("url", ["https://receiver.example", "https://r.example:8443/a?b=c", "https://r.example:443/"])
def test_addresses_that_may_be_posted_to(url: str) -> None:
    HttpWebhook().check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_this_machine_in_disguise_is_refused_too(host: str) -> None:
    with receiver(OK) as there, pytest.raises(Unavailable):
        post(HttpWebhook(patience=SHORT), f"https://{host}:8443/")
    assert there.requests == []


def test_the_demo_calls_this_machine_and_no_other_without_tls() -> None:
    HttpWebhook(loopback=True).check("http://127.0.0.1:9000/hook")
    with pytest.raises(Invalid):
        HttpWebhook(loopback=True).check("http://receiver.example/")
    webhook = HttpWebhook(loopback=True, resolve=Resolver(["1.1.1.1"]), patience=SHORT)
    with pytest.raises(Unavailable):
        post(webhook, "http://localhost:9000/")
    for port in ("", ":9000"):
        with pytest.raises(Unavailable):
            post(HttpWebhook(loopback=True, resolve=Resolver(["10.0.0.1"])), f"https://receiver.example{port}/")
