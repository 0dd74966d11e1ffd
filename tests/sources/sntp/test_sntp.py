"""Clocks measured over UDP: right ones, wrong ones, and servers that lie or want to be left alone."""

import struct
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.labs import installed
from tests.sources.collected import collect, connected, rows

from upheld.evidence.collection import Coverage
from upheld.lab.chronyd import Chronyd, udp_port
from upheld.lab.wrong_clock import WrongClock
from upheld.sources.sntp import SNTP
from upheld.sources.sntp.packet import SIZE, TO_UNIX, NotAnAnswer, answer, question
from upheld.sources.source import Misconfigured, SourceError

NONCE = b"12345678"


def packet(arrived: float, left: float, *, stratum: int = 2, nonce: bytes = NONCE, leap: int = 0) -> bytes:
    stamps = b"".join(struct.pack("!II", (int(at) + TO_UNIX) % 2**32, int((at % 1) * 2**32)) for at in (arrived, left))
    return bytes([leap << 6 | 4 << 3 | 4, stratum, 6, 0]) + bytes(8) + bytes([192, 0, 2, 1]) + bytes(8) + nonce + stamps


def test_the_offset_is_the_mean_of_both_ways_and_the_delay_what_is_left() -> None:
    found = answer(packet(1010.5, 1010.75), NONCE, 1000.0, 1001.25)
    assert (found.offset, found.delay, found.reference, found.stratum) == (10.0, 1.0, "192.0.2.1", 2)
    assert found.uncertainty == timedelta(seconds=0.5)


def test_seconds_that_began_again_in_2036_are_understood() -> None:
    at = 2_100_000_000.0  # 2036-07-18
    assert answer(packet(at, at), NONCE, at, at).offset == 0


def test_what_does_not_repeat_the_question_is_no_answer() -> None:
    for wrong in (packet(1, 1, nonce=bytes(8)), b"short", question(NONCE)):
        with pytest.raises(NotAnAnswer):
            answer(wrong, NONCE, 0, 0)


def test_who_follows_nothing_says_so() -> None:
    assert answer(packet(0, 0, leap=3), NONCE, 0, 0).synchronised is False
    assert answer(packet(0, 0, stratum=16), NONCE, 0, 0).synchronised is False
    assert answer(packet(0, 0), NONCE, 0, 0).synchronised is True


@given(st.binary(min_size=SIZE, max_size=SIZE + 20))
def test_no_packet_makes_it_fail(junk: bytes) -> None:
    found = answer(bytes([36]) + junk[1:24] + NONCE + junk[32:], NONCE, 1e9, 1e9 + 1)
    assert found.delay >= 0
    assert found.reference.isprintable()


@pytest.mark.lab
def test_right_and_wrong_clocks_are_told_apart() -> None:
    with installed(), Chronyd() as right, WrongClock(timedelta(hours=-3)) as wrong:
        hosts = f"127.0.0.1:{right.port}=right 127.0.0.1:{wrong.port}=wrong"
        found = {row["system_id"]: row for row in rows(collect(connected(SNTP, hosts=hosts), "clock_readings"), "clock_readings")}
        assert abs(found["right"]["clock_offset"]) < timedelta(milliseconds=50)  # type: ignore[arg-type]
        assert abs(found["wrong"]["clock_offset"] + timedelta(hours=3)) < timedelta(milliseconds=50)  # type: ignore[operator, arg-type]
        assert (found["right"]["stratum"], found["right"]["reference"]) == (8, "127.127.1.1")


@pytest.mark.lab
def test_silence_lies_and_a_kiss_of_death_give_no_row_and_are_said() -> None:
    with installed(), WrongClock() as right, WrongClock(manner="spoof") as liar, WrongClock(manner="RATE") as busy:
        hosts = f"127.0.0.1:{right.port}=a 127.0.0.1:{liar.port}=b 127.0.0.1:{busy.port}=c 127.0.0.1:{udp_port()}=d no-such-host.invalid=e"
        into = collect(connected(SNTP, hosts=hosts, seconds="0.3"), "clock_readings")
        assert [row["system_id"] for row in rows(into, "clock_readings")] == ["a"]
        assert into.coverage is Coverage.PARTIAL
        assert len(into.seen["clock_readings"].cut_short) == 4
        assert any("left alone (RATE)" in why for why in into.seen["clock_readings"].cut_short)


@pytest.mark.lab
def test_a_client_of_a_time_server_says_what_it_follows() -> None:
    with installed(), Chronyd() as server, Chronyd(follows=server.port) as client:
        words = client.tracking().split(",")
        assert (words[1], words[2], words[13]) == ("127.0.0.1", "9", "Normal")


def test_when_no_clock_answers_the_source_failed() -> None:
    with pytest.raises(SourceError, match="no clock answered"):
        collect(connected(SNTP, hosts=f"127.0.0.1:{udp_port()}", seconds="0.2", samples="1"), "clock_readings")


@pytest.mark.parametrize("wrong", [{"hosts": ""}, {"hosts": "a:0"}, {"hosts": "a", "samples": "99"}, {"hosts": "a", "seconds": "soon"}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        connected(SNTP, **wrong)
