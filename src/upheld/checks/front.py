"""Front matter read field by field, so that a missing, misspelt or mistyped field is told in words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from upheld.checks.span import Span, span

Choice = TypeVar("Choice", bound=StrEnum)


class MeasureError(Exception):
    """A measure's or a parameter's file is wrong: which, on which line where that is known, what is wrong, and what to do."""

    def __init__(self, file: str, line: int | None, what: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.what = what
        self.remedy = remedy
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {what}; {remedy}")


class Front:
    """A table of TOML of which every field must be read. `file` is named in errors, `within` prefixes field names."""

    def __init__(self, said: Mapping[str, Any], file: str, within: str = "") -> None:
        self._said = said
        self._file = file
        self._within = within
        self._read: set[str] = set()

    def refuse(self, what: str, remedy: str) -> NoReturn:
        """Raise `MeasureError` about this table."""
        raise MeasureError(self._file, None, what, remedy)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        self._read.add(name)
        return name in self._said

    def value(self, name: str) -> object:
        """The field as TOML has it; None when it is not there."""
        self._read.add(name)
        value: object = self._said.get(name)
        return value

    def text(self, name: str, *, default: str | None = None) -> str:
        """A text that is not empty, unless `default` is."""
        value = self.value(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"`{self._within}{name}` is missing or is no text", f'add {name} = "..."')
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of text; empty when it is not there."""
        value = self.value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.refuse(f"`{self._within}{name}` is no list of text", f'write {name} = ["...", "..."]')
        return tuple(value)

    def one_of(self, name: str, choices: type[Choice], *, default: Choice | None = None) -> Choice:
        """One of `choices`."""
        value = self.text(name, default=default)
        known = [choice.value for choice in choices]
        if value not in known:
            self.refuse(f'`{self._within}{name}` is "{value}"', f"use one of {', '.join(known)}")
        return choices(value)

    def span(self, name: str) -> Span | None:
        """A span of time in words; None when it is not there."""
        if not self.has(name):
            return None
        try:
            return span(self.text(name))
        except ValueError as error:
            self.refuse(f"`{self._within}{name}`: {error}", "correct it")

    def table(self, name: str) -> "Front | None":
        """A table within; None when it is not there."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(f"`{self._within}{name}` is no table", f"write {name} = {{ ... }}")
        return Front(value, self._file, f"{self._within}{name}.")

    @property
    def names(self) -> tuple[str, ...]:
        """The fields there are."""
        return tuple(self._said)

    def refuse_unread(self) -> None:
        """Raise `MeasureError` naming the fields that nothing asked for."""
        unknown = [f"`{self._within}{name}`" for name in self._said if name not in self._read]
        if unknown:
            self.refuse(f"there is no field {', '.join(unknown)}", f"the fields are {', '.join(sorted(self._read))}")
