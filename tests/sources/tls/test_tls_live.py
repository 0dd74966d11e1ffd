"""The tls source against real listeners: good ones, bad ones, and ones that only waste time."""

import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.labs import installed, require
from tests.sources.collected import collect, connected, gaps, rows

from upheld.lab.certificates import Pair, make
from upheld.lab.service import free_port
from upheld.lab.tls_listener import TlsListener
from upheld.sources.source import Misconfigured, SourceError
from upheld.sources.tls import TLS, parse
from upheld.sources.tls.get import Endpoint, examine, speakable
from upheld.sources.tls.shape import endpoint_row, name_matches

pytestmark = pytest.mark.lab


def asked(listener: TlsListener, **given: str) -> dict[str, object]:
    return rows(collect(connected(TLS, endpoints=listener.endpoint, **given), "endpoints", "keys"), "endpoints")[0]


def test_this_openssl_speaks_what_it_is_asked_to_speak() -> None:
    assert {"TLSv1.2", "TLSv1.3"} <= speakable()


def test_a_good_endpoint_is_seen_as_one(tmp_path: Path) -> None:
    root = make("Root", authority=True)
    ca_file = root.write_certificate(tmp_path / "ca.pem")
    with TlsListener(make("localhost", by=root)) as listener:
        found = asked(listener, ca_file=str(ca_file))
        assert (found["reachable"], found["encrypts"], found["protocols"]) == (True, True, ["TLSv1.2", "TLSv1.3"])
        assert (found["trusted"], found["name_matches"], found["forward_secrecy"]) == (True, True, True)
        assert (found["key_kind"], found["key_bits"], found["signature_algorithm"]) == ("EC", 256, "sha256")
        assert found["weakest_cipher_bits"] == 128


def test_a_bad_endpoint_is_seen_as_one() -> None:
    pair = make("other.example", bits=1024, valid=timedelta(days=-1))
    with TlsListener(pair, oldest="TLSv1", newest="TLSv1.2", suites="ALL:COMPLEMENTOFALL:@SECLEVEL=0") as listener:
        found = asked(listener)
        assert found["protocols"] == ["TLSv1", "TLSv1.1", "TLSv1.2"]
        assert (found["trusted"], found["name_matches"], found["forward_secrecy"]) == (False, False, False)
        assert (found["key_kind"], found["key_bits"]) == ("RSA", 1024)
        assert "NULL" in str(found["weakest_cipher"])
        assert found["weakest_cipher_bits"] == 0
        assert found["valid_until_at"] < datetime.now(UTC)  # type: ignore[operator]


def test_the_weakest_suite_is_found_behind_better_ones() -> None:
    suites = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"
    with TlsListener(suites=suites, newest="TLSv1.2") as listener:
        assert asked(listener)["weakest_cipher"] == "ECDHE-ECDSA-AES128-SHA"


def test_an_expired_certificate_of_a_trusted_root_is_trusted_but_out_of_time(tmp_path: Path) -> None:
    root = make("Root", authority=True)
    with TlsListener(make("localhost", by=root, valid=timedelta(days=-2))) as listener:
        found = asked(listener, ca_file=str(root.write_certificate(tmp_path / "ca.pem")))
        assert found["trusted"] is True
        assert found["valid_until_at"] < datetime.now(UTC)  # type: ignore[operator]


def test_a_loop_of_certificates_is_not_trusted(tmp_path: Path) -> None:
    first_key, second_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey) -> Pair:
        words = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, word)]) for word in (issuer, name)]
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(words[0], words[1], key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return Pair(key, builder.sign(by, hashes.SHA256()))

    loop = (signed("A", first_key, "B", second_key), signed("B", second_key, "A", first_key))
    leaf = make("localhost", by=loop[0])
    with TlsListener(leaf, chain=loop) as listener:
        found = asked(listener, ca_file=str(make("Other", authority=True).write_certificate(tmp_path / "ca.pem")))
        assert (found["trusted"], found["protocols"]) == (False, ["TLSv1.2", "TLSv1.3"])


@pytest.mark.parametrize("service", ["smtp", "imap", "pop3", "ldap", "postgresql"])
def test_starttls_is_asked_for_in_each_protocols_own_words(service: str) -> None:
    with TlsListener(service=service) as listener:
        assert asked(listener)["protocols"] == ["TLSv1.2", "TLSv1.3"]


def test_the_same_is_found_by_openssls_own_server() -> None:
    require("openssl")
    with openssl_server("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0") as endpoint:
        found = rows(collect(connected(TLS, endpoints=endpoint), "endpoints"), "endpoints")[0]
        assert (found["protocols"], found["weakest_cipher"], found["forward_secrecy"]) == (["TLSv1.2"], "AES128-SHA", False)


@contextmanager
def openssl_server(*words: str) -> Iterator[str]:
    port, folder = free_port(), Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    pem = make("localhost", bits=2048).write(folder / "key.pem")
    argv = ["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", "-cert", str(pem), "-key", str(pem), *words]
    server = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def serving(answer: Callable[[socket.socket], None], *, family: socket.AddressFamily = socket.AF_INET) -> Iterator[int]:
    with socket.create_server(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), family=family) as listening:

        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=once, args=(connection,), daemon=True).start()

        def once(connection: socket.socket) -> None:
            try:
                with connection:
                    answer(connection)
            except OSError:
                return

        threading.Thread(target=run, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_drips_is_given_up_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        for byte in bytes.fromhex("1603030050") + bytes(70):
            connection.sendall(bytes([byte]))
            time.sleep(0.5)

    with serving(drip) as port:
        started = time.monotonic()
        into = collect(connected(TLS, endpoints=f"127.0.0.1:{port}", seconds="2"), "endpoints", "keys")
        assert time.monotonic() - started < 6
        found = rows(into, "endpoints")[0]
        assert (found["reachable"], found.get("protocols"), found.get("forward_secrecy")) == (True, None, None)
        assert ("endpoints", "protocols", "denied") in gaps(into)
        assert into.seen["keys"].cut_short


def test_a_flood_before_tls_is_cut() -> None:
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"220-more\r\n" * 1000)

    with serving(flood) as port:
        found = examine(Endpoint("127.0.0.1", port, "smtp", "x"), seconds=3, ca_file="")
        assert (found.reachable, found.protocols) == (True, [])


def test_a_server_that_offers_no_starttls_does_not_encrypt() -> None:
    def plain(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        connection.recv(100)
        connection.sendall(b"250-hello\r\n250 SIZE 1\r\n")
        connection.recv(100)

    with serving(plain) as port:
        assert examine(Endpoint("127.0.0.1", port, "smtp", "x"), seconds=5, ca_file="").encrypts is False


def test_a_server_that_speaks_plain_text_alone_does_not_encrypt() -> None:
    with serving(lambda connection: connection.sendall(b"HTTP/1.0 400 Bad\r\n\r\n")) as port:
        found = examine(Endpoint("127.0.0.1", port, "https", "x"), seconds=10, ca_file="")
        assert (found.reachable, found.encrypts, found.protocols) == (True, False, [])


def test_a_server_that_is_killed_midway_leaves_unknown_what_was_not_seen() -> None:
    seen: list[int] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def killed(connection: socket.socket) -> None:
        seen.append(1)
        if len(seen) > 3:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.settimeout(2)
        context.wrap_socket(connection, server_side=True).close()

    with serving(killed) as port:
        found = examine(Endpoint("127.0.0.1", port, "https", "x"), seconds=5, ca_file="")
        assert endpoint_row(found)["weakest_cipher"] is None


def test_an_endpoint_that_demands_a_clients_certificate_still_tells_its_versions() -> None:
    with TlsListener() as listener:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(listener.folder / "listener.pem")
        context.load_verify_locations(listener.folder / "listener.pem")
        context.verify_mode, context.maximum_version = ssl.CERT_REQUIRED, ssl.TLSVersion.TLSv1_2

        def demand(connection: socket.socket) -> None:
            connection.settimeout(2)
            context.wrap_socket(connection, server_side=True).close()

        with serving(demand) as port:
            found = endpoint_row(examine(parse(f"127.0.0.1:{port}"), seconds=20, ca_file=""))
            assert (found["protocols"], found["encrypts"], found["weakest_cipher"]) == (["TLSv1.2"], True, None)


def test_nobody_at_the_address_is_not_reachable_and_nothing_else_is_said() -> None:
    found = rows(collect(connected(TLS, endpoints=f"127.0.0.1:{free_port()}"), "endpoints"), "endpoints")[0]
    assert {name for name in found} == {"id", "system_id", "service", "reachable"}
    assert found["reachable"] is False
    with pytest.raises(SourceError, match="does not answer"):
        connected(TLS, endpoints=f"127.0.0.1:{free_port()}").test()


def test_an_ipv6_endpoint_is_asked_at_its_address() -> None:
    pair = make("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TlsListener(pair) as listener:
        context.load_cert_chain(listener.folder / "listener.pem")

        def answer(connection: socket.socket) -> None:
            connection.settimeout(2)
            context.wrap_socket(connection, server_side=True).close()

        with serving(answer, family=socket.AF_INET6) as port:
            found = endpoint_row(examine(parse(f"[::1]:{port}=six"), seconds=10, ca_file=""))
            assert (found["id"], found["name_matches"], found["system_id"]) == (f"[::1]:{port}", True, "six")


def test_a_key_at_two_endpoints_of_a_system_is_one_key() -> None:
    pair = make("localhost")
    with TlsListener(pair) as one, TlsListener(pair) as two:
        into = collect(connected(TLS, endpoints=f"{one.endpoint}=shop {two.endpoint}=shop"), "keys")
        assert [row["location"] for row in rows(into, "keys")] == [", ".join(sorted([f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"]))]


def test_names_match_by_whole_labels() -> None:
    certificate = make("*.example.org").certificate
    assert [name_matches(certificate, name) for name in ("a.example.org", "A.Example.ORG.", "a.b.example.org", "example.org")] == [
        True,
        True,
        False,
        False,
    ]
    assert name_matches(make("*.org").certificate, "example.org") is False


@pytest.mark.parametrize("wrong", ["", "shop", "shop:0", "shop:99999", "shop:443/telnet", "a b:443"])
def test_an_endpoint_that_cannot_be_read_is_refused(wrong: str) -> None:
    with installed(), pytest.raises(Misconfigured):
        connected(TLS, endpoints=wrong)
