"""A table's contract as a bundle carries it: names and types of its columns, from its TOML file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from upheld.ledger.verify.report import Rejected

Scalar: TypeAlias = "str | int | bool | list[str] | None"

# How a column's kind is written in a bundle (JSON), and what measures see.
_JSON: Mapping[str, type] = {
    "text": str, "integer": int, "real": str, "boolean": bool, "timestamp": str, "date": str, "duration": int, "list": list,
}  # fmt: skip
STORED: Mapping[str, str] = {
    "text": "VARCHAR", "integer": "BIGINT", "real": "VARCHAR", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP", "date": "DATE",
    "duration": "BIGINT", "list": "VARCHAR[]",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Contract:
    """A table's columns: their kinds by name. `inputs` are the tables that a derived one is made from.

    `personal` is whether any column is personal data.
    """

    name: str
    kinds: Mapping[str, str]
    fresh_for_hours: float = 26.0
    inputs: tuple[str, ...] = ()
    personal: bool = False

    def checked(self, values: object, place: str) -> dict[str, Scalar]:
        """Return `values` if each is of its column's kind; absent ones are left out, never null. Raises `Rejected`."""
        if not isinstance(values, dict):
            raise Rejected(f"{place} has no values")
        for name, value in values.items():
            kind = self.kinds.get(name)
            if kind is None:
                raise Rejected(f"{place}: {self.name} has no column {ascii(name)[:60]}")
            if type(value) is not _JSON[kind] or not _fits(value):
                raise Rejected(f"{place}: {name} is no {kind}")
        return values


def _fits(value: object) -> bool:
    if isinstance(value, list):
        return all(type(item) is str for item in value)
    return not isinstance(value, int) or -_LARGEST - 1 <= value <= _LARGEST


def parse(name: str, text: bytes) -> Contract:
    """Return the contract that `text` (TOML) declares for the table `name`. Raises `Rejected`."""
    try:
        said = tomllib.loads(text.decode("utf-8"))
        kinds = {str(column): str(about["type"]) for column, about in said["columns"].items()}
        hours = float(said.get("fresh_for_hours", 26))
        inputs = tuple(map(str, said.get("inputs", {})))
        personal = any(bool(about.get("personal", False)) for about in said["columns"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Rejected(f"the contract of {ascii(name)[:60]} cannot be read: {error}") from error
    names = [name, *kinds]
    if not all(_NAME.fullmatch(each) for each in names) or not set(kinds.values()) <= STORED.keys() or not 0 < hours < 1e6:
        raise Rejected(f"the contract of {ascii(name)[:60]} names a table, column or type that there cannot be")
    return Contract(name, kinds, hours, inputs, personal)
