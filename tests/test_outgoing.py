"""Requests to typed-in targets: what is refused before anything is sent, and what bounds an answer. Against real sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from upheld import outgoing
from upheld.outgoing import NotAllowed, Unreachable, post

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi"


@pytest.fixture
def served() -> Iterator[Callable[[bytes, float], str]]:
    """Give a function that answers one connection with bytes, a pause after each, and returns the address."""
    listening = []

    def serve(answer: bytes, pause: float = 0.0) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def one() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                try:
                    for piece in [answer[at : at + 1] for at in range(len(answer))] if pause else [answer]:
                        connection.sendall(piece)
                        time.sleep(pause)
                except OSError:
                    return

        threading.Thread(target=one, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield serve
    for server in listening:
        server.close()


@pytest.fixture
def loopback_allowed(monkeypatch):
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "example.com", "https://", "http://user@example.com/", "http://user:pw@example.com/",
        "http://example.com/#part", "http://example.com/a b", "http://exam\nple.com/", "http://example.com:99999/", "http://[::1",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(NotAllowed):
        outgoing.check(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2130706433", "0x7f000001",
        "127.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_however_it_is_written(host):
    with pytest.raises(NotAllowed, match="no public address"):
        outgoing.resolve(host, 80)


def test_a_public_address_is_not_refused():
    assert [str(address) for address in outgoing.resolve("8.8.8.8", 443)] == ["8.8.8.8"]


def test_a_network_that_is_allowed_is_reached_and_no_other(served, loopback_allowed):
    answer = post(served(OK, 0.0), b"", "text/plain")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "text/plain", b"hi")
    with pytest.raises(NotAllowed):
        outgoing.resolve("10.0.0.1", 80)


def test_a_misspelt_network_is_told(monkeypatch):
    monkeypatch.setenv(outgoing.ALLOWED, "10.0.0.0/99")
    with pytest.raises(NotAllowed, match="list of networks"):
        outgoing.resolve("10.0.0.1", 80)


def test_a_redirect_is_an_answer_and_not_followed(served, loopback_allowed):
    answer = post(served(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 0.0), b"", "text/plain")
    assert answer.status == 302


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhi", "cut short|IncompleteRead"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "more than 1,000 bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "did not answer as it should"),
        (b"nonsense\r\n\r\n", "did not answer as it should"),
        (b"", "did not answer as it should"),
    ],
)
def test_an_answer_that_is_none_is_told(served, loopback_allowed, answer, why):
    with pytest.raises(Unreachable, match=why):
        post(served(answer, 0.0), b"", "text/plain", limit=1000)


def test_a_target_that_trickles_does_not_hold_us(served, loopback_allowed):
    began = time.monotonic()
    with pytest.raises(Unreachable, match="took longer than"):
        post(served(OK * 9, 0.05), b"", "text/plain", seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_closed_port_is_told(loopback_allowed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="could not be reached"):
        post(f"http://127.0.0.1:{port}/", b"", "text/plain")


def test_a_certificate_of_our_own_making_is_refused(served, loopback_allowed):
    with pytest.raises(Unreachable, match="could not be reached"):
        post(served(b"this is no TLS\r\n\r\n", 0.0).replace("http:", "https:"), b"", "text/plain")
