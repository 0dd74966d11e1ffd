"""The one byte form of a row, which is what a digest speaks about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import orjson

from upheld.evidence.merkle import leaf_hash
from upheld.evidence.table import Row, Table, Value

# 128 random bits keep a row with few possible values from being guessed out of its leaf, once row and salt are erased;
# RFC 9901, 9.3 asks as much of the salts of disclosures.
SALT_BYTES = 16
MICROSECOND = timedelta(microseconds=1)
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def plain(table: Table, row: Row) -> dict[str, Value]:
    """Return the values of `row` that are there, as canonical JSON holds them: durations in microseconds, reals by their repr.

    Absent values are left out, so that a column that the contract gains later does not change what was digested before.
    Timestamps are aware, or naive and UTC, as DuckDB returns them.
    """
    kept: dict[str, Value] = {name: value for name, value in row.items() if value is not None}
    for name in table.unlike_json:
        value = kept.get(name)
        if isinstance(value, timedelta):
            kept[name] = value // MICROSECOND
        elif isinstance(value, float):
            kept[name] = repr(value)
    return kept


def canonical(table: Table, row: Row) -> bytes:
    """Return `row` of `table` as canonical JSON: UTF-8, keys sorted, timestamps as ISO 8601 ending in Z, dates as ISO 8601."""
    return orjson.dumps(plain(table, row), option=_OPTIONS)


def leaf(salt: bytes, line: bytes) -> bytes:
    """Return the 32-byte Merkle leaf of a row: of its salt (`SALT_BYTES`) and then its canonical form."""
    return leaf_hash(salt + line)


def json_line(values: Mapping[str, Value]) -> bytes:
    """Return `values` (from `plain`, and text for whatever is added to them) as one line of JSON, ending in a line feed."""
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


def stored(value: Value) -> Value:
    """Return `value` as it lies in Parquet: a timestamp in UTC without its zone, a duration in microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value // MICROSECOND if isinstance(value, timedelta) else value
