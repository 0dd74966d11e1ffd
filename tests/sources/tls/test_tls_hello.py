"""The handshake's first message, written by hand, and what answers to it."""

from hypothesis import given
from hypothesis import strategies as st

from upheld.sources.tls.hello import COMMON, FORBIDDEN, ServerHello, client_hello, server_hello


def test_an_answer_tells_version_and_suite() -> None:
    session = bytes(range(32))
    record = (
        bytes.fromhex("1603010050") + bytes.fromhex("0200004c0301") + bytes(32) + b"\x20" + session + bytes.fromhex("000a00") + bytes(8)
    )
    assert server_hello(record) == ServerHello("TLSv1", 0x000A)


def test_an_alert_and_plain_text_agree_to_nothing() -> None:
    assert server_hello(bytes.fromhex("15030100020228")) is None
    assert server_hello(b"HTTP/1.1 400 Bad Request\r\n" * 4) is None


def test_a_question_names_the_server_unless_it_is_an_address_or_the_version_knows_no_names() -> None:
    assert b"shop.example.org" in client_hello("TLSv1.2", COMMON, "shop.example.org")
    assert b"shop.example.org" not in client_hello("SSLv3", COMMON, "shop.example.org")
    assert b"192.0.2.1" not in client_hello("TLSv1.2", COMMON, "192.0.2.1")


def test_lengths_add_up() -> None:
    record = client_hello("TLSv1.2", tuple(FORBIDDEN), "a.example")
    assert int.from_bytes(record[3:5], "big") == len(record) - 5
    assert int.from_bytes(record[6:9], "big") == len(record) - 9


@given(st.binary(max_size=200))
def test_no_answer_makes_it_fail(record: bytes) -> None:
    found = server_hello(record)
    assert found is None or found.version.startswith(("SSL", "TLS"))
