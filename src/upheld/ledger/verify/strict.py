"""Canonical JSON read with the standard library: the verifier's own way to what `upheld.ledger.canonical` does with orjson."""

import json
from typing import NoReturn

from upheld.ledger.profile import MAX_BYTES, Json, NotCanonical, check


def _refuse(text: str) -> NoReturn:
    raise NotCanonical(f"{text[:40]} is a number that is not an integer")


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def read(text: bytes, limit: int = MAX_BYTES, depth: int = 0) -> Json:
    """Return the value of canonical `text` (with `depth` levels above it).

    Raises `NotCanonical` for anything else, and beyond `limit` bytes; never crashes.
    """
    return _read(text, limit, depth)


def is_canonical(text: bytes, depth: int = 0) -> bool:
    """Whether `read` would return the value of `text`."""
    try:
        read(text, MAX_BYTES, depth)
    except NotCanonical:
        return False
    return True


def read_wide(text: bytes, limit: int = 1 << 28) -> Json:
    """Return the value of `text`, written canonically but not within the profile: its integers may be of any size."""
    return _read(text, limit, None)


def write(value: Json) -> bytes:
    """Return the canonical text of `value`."""
    return _ENCODER.encode(value).encode()


def _read(text: bytes, limit: int, depth: int | None) -> Json:
    """Return the value of `text`; `depth` None means that it need not be within the profile."""
    if len(text) > limit:
        raise NotCanonical(f"{len(text):,} bytes long, over {limit:,}")
    try:
        decoded = text.decode("utf-8")
        value: Json = _DECODER.decode(decoded)
        if depth is not None:
            check(value, depth)
        if _ENCODER.encode(value) != decoded:
            raise NotCanonical("JSON, but not in its canonical form (order of keys, spaces, escapes, duplicates or number spelling)")
    except NotCanonical:
        raise
    except RecursionError as error:
        raise NotCanonical("nested too deep") from error
    except ValueError as error:
        raise NotCanonical(f"not JSON: {str(error)[:200]}") from error
    return value
