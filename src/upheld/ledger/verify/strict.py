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
    if len(text) > limit:
        raise NotCanonical(f"{len(text):,} bytes long, over {limit:,}")
    try:
        decoded = text.decode("utf-8")
        value: Json = _DECODER.decode(decoded)
    except NotCanonical:
        raise
    except RecursionError as error:
        raise NotCanonical("nested too deep") from error
    except ValueError as error:
        raise NotCanonical(f"not JSON: {str(error)[:200]}") from error
    check(value)
    if _ENCODER.encode(value) != decoded:
        raise NotCanonical("JSON, but not in its canonical form (order of keys, spaces, escapes, duplicates or number spelling)")
    return value


def write(value: Json) -> bytes:
    """Return the canonical text of `value`, which the profile allows."""
    return _ENCODER.encode(value).encode()
