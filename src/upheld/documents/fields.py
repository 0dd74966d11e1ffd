"""Reading typed fields from TOML, with errors that name file, entry, field and remedy."""

import tomllib
from pathlib import Path
from typing import Any

LIMIT_BYTES = 10_000_000


class DocumentError(ValueError):
    """A document file cannot be used; the message says which, where, what is wrong and what to do. Its author can act."""


class Table:
    """One TOML table on its way to becoming a dataclass: remembers where it stands and which keys were read."""

    def __init__(self, values: dict[str, Any], place: str) -> None:
        self.values = values
        self.place = place
        self._read: set[str] = set()

    @classmethod
    def read(cls, path: Path) -> "Table":
        """Parse the file at `path`; raises `DocumentError` when it is missing, too large, not UTF-8 or not TOML."""
        try:
            if path.stat().st_size > LIMIT_BYTES:
                raise DocumentError(f"{path}: larger than {LIMIT_BYTES // 1_000_000} MB; a document is a few hundred sentences")
            return cls(tomllib.loads(path.read_bytes().decode("utf-8")), str(path))
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read ({error.strerror}); check the name and your permissions") from error
        except UnicodeDecodeError as error:
            raise DocumentError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise DocumentError(f"{path}: not TOML: {error}; `upheld document import` turns other formats into it") from error

    def text(self, key: str, *, default: str | None = None) -> str:
        """The string under `key`, without outer spaces; an empty one counts as missing."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise DocumentError(f"{self.place}: `{key}` is {_kind(value)}; put it in quotes")
        if not value.strip() and default is None:
            raise DocumentError(f"{self.place}: `{key}` is empty; say what it is")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of strings under `key`; none when it is missing."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise DocumentError(f'{self.place}: `{key}` is not a list of texts; write it as ["first", "second"]')
        return tuple(item.strip() for item in value)

    def texts_by_name(self, key: str) -> dict[str, str]:
        """The strings in the table under `key`, by their keys; none when it is missing."""
        value = self._value(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) and item.strip() for item in value.values()):
            raise DocumentError(f'{self.place}: `{key}` is not a table of texts; write each as "key" = "text"')
        return {str(name): item.strip() for name, item in value.items()}

    def number(self, key: str) -> float:
        """The number under `key`."""
        value = self._value(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DocumentError(f"{self.place}: `{key}` is {_kind(value)}; write a number, without quotes")
        return float(value)

    def tables(self, key: str, *, called_by: str) -> list["Table"]:
        """The tables under `key`, each called by its field `called_by` in errors, or by its position."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise DocumentError(f"{self.place}: `{key}` is {_kind(value)}; write each entry under [[{key}]]")
        one = key.rstrip("s") if key.endswith("s") else key
        return [Table(item, f"{self.place}: {one} {item.get(called_by) or f'number {n}'}") for n, item in enumerate(value, start=1)]

    def refuse_unread(self) -> None:
        """Raise `DocumentError` for a key that nobody asked for, which is most often a misspelt one."""
        for key in self.values:
            if key not in self._read:
                raise DocumentError(f"{self.place}: there is no field `{key}`; fields here are {', '.join(sorted(self._read))}")

    def _value(self, key: str, default: object) -> object:
        self._read.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise DocumentError(f"{self.place}: `{key}` is missing; add it")
        return value


def _kind(value: object) -> str:
    kinds = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return kinds.get(type(value), f"a {type(value).__name__}")
