"""Canonical JSON: one text for one value. Written by orjson, which equals RFC 8785 within our profile at 1/47 of the time."""

import orjson

from upheld.ledger.profile import MAX_BYTES, MAX_DEPTH, Json, NotCanonical, check, is_flat

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER  # the latter: none beyond 2^53-1


def write(value: Json, depth: int = 0) -> bytes:
    """Return the canonical UTF-8 text of `value` (with `depth` levels above it). Raises `NotCanonical` for what the profile leaves out.

    Mappings must be dicts and sequences lists or tuples; at most 65,535 bytes come out.
    """
    if depth >= MAX_DEPTH or not is_flat(value):
        check(value, depth)
    try:
        text = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(f"not writable as JSON: {error}") from error
    if len(text) > MAX_BYTES:
        raise NotCanonical(
            f"{len(text):,} bytes long, over the {MAX_BYTES:,} that an entry may have: log a digest and keep the rest as evidence"
        )
    return text


def read(text: bytes, depth: int = 0) -> Json:
    """Return the value of canonical `text` (with `depth` levels above it). Raises `NotCanonical` for what `write` would not write."""
    if len(text) > MAX_BYTES:
        raise NotCanonical(f"{len(text):,} bytes long, over {MAX_BYTES:,}")
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error}") from error
    # Duplicate keys, other orders, spaces, escapes and number spellings all come out as other bytes.
    if write(value, depth) != text:
        raise NotCanonical("JSON, but not in its canonical form (order of keys, spaces, escapes, duplicates or number spelling)")
    return value


def is_canonical(text: bytes, depth: int = 0) -> bool:
    """Whether `read` would return the value of `text`."""
    try:
        value = orjson.loads(text)
        return len(text) <= MAX_BYTES and write(value, depth) == text
    except (orjson.JSONDecodeError, NotCanonical):
        return False
