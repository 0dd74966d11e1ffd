"""The closed set of what an action's parameter may be: how each is asked for, described, and entered in the ledger.

A value that may name somebody goes to the ledger as a commitment, which is any free text, any person, and any file's name.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from django import forms

from upheld.actions.fields import ChoiceField, FileField, InstantField, ListField, PersonField, RecordField, SpanField, YesNoField
from upheld.actions.models import Record, natural_key
from upheld.ledger.profile import Json

LONGEST_LOGGED = 2_000  # characters of a text; of a longer one the digest is entered
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
Schema = dict[str, Any]


@dataclass(frozen=True)
class Kind(ABC):
    """What a parameter may be. `personal` says that its values may name somebody."""

    personal: ClassVar[bool] = False
    control: ClassVar[str] = "text"  # how a page asks for it

    @abstractmethod
    def field(self) -> forms.Field:
        """Return the form's field, which turns text into the value, or says in words why not."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of the value as the API takes it."""

    def logged(self, value: Any) -> Json:
        """Return `value` as an entry of the ledger holds it."""
        return str(value)


@dataclass(frozen=True)
class Text(Kind):
    """Free text of at most `longest` characters; `lines` for more than one line."""

    longest: int = 300
    lines: bool = False
    personal: ClassVar[bool] = True

    def field(self) -> forms.Field:
        return forms.CharField(max_length=self.longest, strip=not self.lines, widget=forms.Textarea if self.lines else forms.TextInput)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.longest}

    def logged(self, value: Any) -> Json:
        if len(value) <= LONGEST_LOGGED:
            return str(value)
        written = str(value).encode()
        return {"sha256": sha256(written).hexdigest(), "size": len(written)}


@dataclass(frozen=True)
class Code(Kind):
    """A short name of a thing, never of a person: small letters, digits, hyphens."""

    def field(self) -> forms.Field:
        return forms.RegexField(
            rf"\A{_CODE.pattern}\Z", error_messages={"invalid": "Use small letters, digits and hyphens, as in it-operations; at most 60."}
        )

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_CODE.pattern}$"}


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day."""

    control: ClassVar[str] = "date"

    def field(self) -> forms.Field:
        return forms.DateField(
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": "Write the day as in 2026-05-03."},
            widget=forms.DateInput(format="%Y-%m-%d"),
        )

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Instant(Kind):
    """An instant, aware."""

    control: ClassVar[str] = "datetime-local"

    def field(self) -> forms.Field:
        return InstantField()

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}

    def logged(self, value: Any) -> Json:
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


@dataclass(frozen=True)
class Choice(Kind):
    """One word of `words`."""

    words: type[StrEnum]
    control: ClassVar[str] = "select"

    def field(self) -> forms.Field:
        return ChoiceField(self.words)

    def schema(self) -> Schema:
        return {"type": "string", "enum": [word.value for word in self.words]}


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no."""

    control: ClassVar[str] = "yesno"

    def field(self) -> forms.Field:
        return YesNoField()

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def logged(self, value: Any) -> Json:
        return bool(value)


@dataclass(frozen=True)
class Somebody(Kind):
    """Somebody, by the id that the list of people has. `check` returns what is wrong with an id, "" for nothing."""

    check: Callable[[str], str]
    personal: ClassVar[bool] = True
    control: ClassVar[str] = "person"

    def field(self) -> forms.Field:
        return PersonField(self.check)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 120}


@dataclass(frozen=True)
class RecordOf(Kind):
    """A record of another register, by its number, or by its short name where it has one."""

    model: type[Record]
    control: ClassVar[str] = "record"

    def field(self) -> forms.Field:
        return RecordField(self.model)

    def schema(self) -> Schema:
        number = {"type": "integer", "minimum": 1}
        described = f"the number of a {self.model._meta.verbose_name}"
        if not natural_key(self.model):
            return {**number, "description": described}
        return {"anyOf": [number, {"type": "string", "maxLength": 200}], "description": f"{described}, or its {natural_key(self.model)}"}

    def logged(self, value: Any) -> Json:
        return str(value.reference)


@dataclass(frozen=True)
class Number(Kind):
    """A whole number within limits."""

    least: int = 0
    most: int = 2**31 - 1
    control: ClassVar[str] = "number"

    def field(self) -> forms.Field:
        return forms.IntegerField(min_value=self.least, max_value=self.most)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def logged(self, value: Any) -> Json:
        return int(value)


@dataclass(frozen=True)
class Duration(Kind):
    """A span of time in words: "12 months", "72 hours"."""

    def field(self) -> forms.Field:
        return SpanField()

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9]{1,6} (second|minute|hour|day|week|month|year)s?$"}


@dataclass(frozen=True)
class File(Kind):
    """A file, by the digest of what is in it; the file itself is kept beside the database."""

    control: ClassVar[str] = "file"

    def field(self) -> forms.Field:
        return FileField()

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of a file handed in before"}

    def logged(self, value: Any) -> Json:
        return str(value.sha256)


@dataclass(frozen=True)
class ListOf(Kind):
    """Several of one kind, each once."""

    each: Kind
    control: ClassVar[str] = "lines"

    @property
    def of_people(self) -> bool:
        """Whether its values may name somebody."""
        return self.each.personal

    def field(self) -> forms.Field:
        return ListField(self.each.field())

    def schema(self) -> Schema:
        return {"type": "array", "items": self.each.schema(), "uniqueItems": True}

    def logged(self, value: Any) -> Json:
        return [self.each.logged(one) for one in value]


def is_personal(kind: Kind) -> bool:
    """Whether values of `kind` may name somebody."""
    return kind.of_people if isinstance(kind, ListOf) else kind.personal


def plain(value: Any) -> Any:
    """Return `value`, as a column or a form holds it, in JSON's words."""
    if isinstance(value, Record):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
