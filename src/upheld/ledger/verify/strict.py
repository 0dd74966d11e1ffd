"""Canonical JSON read with the standard library: the verifier's own way to what `upheld.ledger.canonical` does with orjson."""

import json
from typing import NoReturn

from upheld.ledger.profile import MAX_BYTES, Json, NotCanonical, check


def _refuse(text: str) -> NoReturn:
    raise NotCanonical(f"{text[:40]} is a number that is not an integer")


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def read(text: bytes, limit: int = MAX_BYTES) -> Json:
    """Return the value of canonical `text`. Raises `NotCanonical` for anything else, and beyond `limit` bytes; never crashes."""
    return _read(text, limit, within_profile=True)


def read_wide(text: bytes, limit: int = 1 << 28) -> Json:
    """Return the value of `text`, written canonically but not within the profile: its integers may be of any size."""
    return _read(text, limit, within_profile=False)


def write(value: Json) -> bytes:
    """Return the canonical text of `value`."""
    return _ENCODER.encode(value).encode()


def _read(text: bytes, limit: int, *, within_profile: bool) -> Json:
    if len(text) > limit:
        raise NotCanonical(f"{len(text):,} bytes long, over {limit:,}")
    try:
        decoded = text.decode("utf-8")
        value: Json = _DECODER.decode(decoded)
        if within_profile:
            check(value)
        if _ENCODER.encode(value) != decoded:
            raise NotCanonical("JSON, but not in its canonical form (order of keys, spaces, escapes, duplicates or number spelling)")
    except NotCanonical:
        raise
    except RecursionError as error:
        raise NotCanonical("nested too deep") from error
    except ValueError as error:
        raise NotCanonical(f"not JSON: {str(error)[:200]}") from error
    return value
