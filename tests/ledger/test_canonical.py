"""Canonical JSON: one text for one value, as RFC 8785 has it, and nothing else is read."""

from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from upheld.ledger import canonical
from upheld.ledger.profile import MAX_DEPTH, MAX_INTEGER, NotCanonical
from upheld.ledger.verify import strict

KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_.-", min_size=1, max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)
READERS = [pytest.param(canonical.read, id="product"), pytest.param(strict.read, id="verifier")]

HOSTILE = {
    "a duplicate key": b'{"a":1,"a":1}',
    "unsorted keys": b'{"b":1,"a":1}',
    "white space": b'{"a": 1}',
    "a final newline": b'{"a":1}\n',
    "a float": b'{"a":1.0}',
    "an exponent": b'{"a":1e2}',
    "not a number": b'{"a":NaN}',
    "infinity": b'{"a":Infinity}',
    "minus zero": b'{"a":-0}',
    "an integer beyond 2^53": b'{"a":9007199254740992}',
    "5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "a needless escape": b'{"a":"\\u0041"}',
    "an escaped solidus": b'{"a":"\\/"}',
    "a lone surrogate, escaped": b'{"a":"\\ud800"}',
    "a lone surrogate, raw": b'{"a":"\xed\xa0\x80"}',
    "invalid UTF-8": b'{"a":"\xff"}',
    "an overlong encoding": b'{"a":"\xc0\x80"}',
    "a byte-order mark": b'\xef\xbb\xbf{"a":1}',
    "30,000 levels": b"[" * 30_000 + b"]" * 30_000,
    "17 levels": b'{"a":' * 17 + b"1" + b"}" * 17,
    "nothing": b"",
    "two values": b'{"a":1}{"a":1}',
    "a key in capitals": b'{"A":1}',
    "a key beyond ASCII": '{"ä":1}'.encode(),
    "an empty key": b'{"":1}',
    "a comment": b'{"a":1/*b*/}',
    "a raw control character": b'{"a":"\x01"}',
    "more than 65,535 bytes": b'"' + b"x" * 65_535 + b'"',
}


@given(VALUES)
@example({"a": '\u2028\x7f\x1f\\"/é€😀'})
def test_what_is_written_is_rfc_8785(value: Any) -> None:
    assert canonical.write(value) == rfc8785.dumps(value)


@given(VALUES)
def test_both_readers_return_what_was_written(value: Any) -> None:
    text = canonical.write(value)
    assert canonical.read(text) == value
    assert strict.read(text) == value


@given(st.binary(max_size=40) | VALUES.map(orjson.dumps))
def test_a_text_is_read_only_if_it_is_what_would_be_written_and_both_readers_agree(text: bytes) -> None:
    try:
        value = canonical.read(text)
    except NotCanonical:
        with pytest.raises(NotCanonical):
            strict.read(text)
    else:
        assert canonical.write(value) == text
        assert strict.read(text) == value


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_has_a_second_spelling_is_refused(read: Any, text: bytes) -> None:
    with pytest.raises(NotCanonical) as refusal:
        read(text)
    assert str(refusal.value)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), {"a": {1, 2}}, {1: 2}, {"Key": 1}, b"bytes", 2**53, "\ud800", {"a": [Ellipsis]}], ids=ascii
)
def test_what_cannot_be_written_the_same_everywhere_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical.write(value)


def test_sixteen_levels_are_written_and_seventeen_refused() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert canonical.read(canonical.write(value)) == value
    with pytest.raises(NotCanonical, match="16 levels"):
        canonical.write([value])


def test_an_entry_too_long_says_what_to_do() -> None:
    with pytest.raises(NotCanonical, match="keep the rest as evidence"):
        canonical.write("x" * 65_534)
