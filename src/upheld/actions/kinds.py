"""The closed set of what an action's parameter may be: how each is asked for, described, and entered in the ledger.

A value that may name somebody goes to the ledger as a commitment, which is any free text, any person, and any file's name.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from django import forms

from upheld.actions.files import Kept
from upheld.actions.models import Record
from upheld.checks.span import Span, span
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


class _InstantField(forms.Field):
    """An instant in ISO 8601; without a zone it is UTC."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        if isinstance(value, datetime):
            return value
        try:
            read = datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise forms.ValidationError("Write the instant as in 2026-05-03T09:12Z.") from error
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


@dataclass(frozen=True)
class Instant(Kind):
    """An instant, aware."""

    control: ClassVar[str] = "datetime-local"

    def field(self) -> forms.Field:
        return _InstantField()

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}

    def logged(self, value: Any) -> Json:
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


class _ChoiceField(forms.ChoiceField):
    """One of the words of an enumeration."""

    def __init__(self, words: type[StrEnum]) -> None:
        self.words = words
        told = ", ".join(words)
        super().__init__(
            choices=[(word.value, word.value.capitalize()) for word in words],
            error_messages={"invalid_choice": f"%(value)s is none of: {told}."},
        )

    def clean(self, value: Any) -> StrEnum | None:
        chosen = super().clean(value)
        return self.words(chosen) if chosen else None


@dataclass(frozen=True)
class Choice(Kind):
    """One word of `words`."""

    words: type[StrEnum]
    control: ClassVar[str] = "select"

    def field(self) -> forms.Field:
        return _ChoiceField(self.words)

    def schema(self) -> Schema:
        return {"type": "string", "enum": [word.value for word in self.words]}


class _YesNoField(forms.Field):
    """Yes or no, said in words or as JSON has it; never guessed from absence."""

    _YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})

    def to_python(self, value: Any) -> bool | None:
        if value is None or value == "":
            return None
        word = str(value).lower()
        if word not in self._YES | self._NO:
            raise forms.ValidationError("Say yes or no.")
        return word in self._YES


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no."""

    control: ClassVar[str] = "yesno"

    def field(self) -> forms.Field:
        return _YesNoField()

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def logged(self, value: Any) -> Json:
        return bool(value)


class _PersonField(forms.CharField):
    """The id of somebody in the list of people."""

    def __init__(self, check: Callable[[str], str]) -> None:
        self._check = check
        super().__init__(max_length=120)

    def to_python(self, value: Any) -> str:
        said = super().to_python(value)
        if said and (wrong := self._check(said)):
            raise forms.ValidationError(wrong)
        return said or ""


@dataclass(frozen=True)
class Somebody(Kind):
    """Somebody, by the id that the list of people has. `check` returns what is wrong with an id, "" for nothing."""

    check: Callable[[str], str]
    personal: ClassVar[bool] = True
    control: ClassVar[str] = "person"

    def field(self) -> forms.Field:
        return _PersonField(self.check)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 120}


class _RecordField(forms.IntegerField):
    """The number of a record."""

    def __init__(self, model: type[Record]) -> None:
        self._model = model
        super().__init__(min_value=1, error_messages={"invalid": "Give the record's number."})

    def clean(self, value: Any) -> Record | None:
        number = super().clean(value)
        if number is None:
            return None
        found = self._model._default_manager.filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(f"There is no {self._model._meta.verbose_name} {number}.")
        return found


@dataclass(frozen=True)
class RecordOf(Kind):
    """A record of another register, by its number."""

    model: type[Record]
    control: ClassVar[str] = "record"

    def field(self) -> forms.Field:
        return _RecordField(self.model)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": 1, "description": f"the number of a {self.model._meta.verbose_name}"}

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


class _SpanField(forms.Field):
    """A span of time in words."""

    def to_python(self, value: Any) -> Span | None:
        if not value:
            return None
        try:
            return span(str(value))
        except ValueError as error:
            raise forms.ValidationError('Write a number and hours, days, weeks, months or years, as in "12 months".') from error


@dataclass(frozen=True)
class Duration(Kind):
    """A span of time in words: "12 months", "72 hours"."""

    def field(self) -> forms.Field:
        return _SpanField()

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9]{1,6} (second|minute|hour|day|week|month|year)s?$"}


class _FileField(forms.Field):
    """The SHA-256 of a file that was kept before."""

    def to_python(self, value: Any) -> Kept | None:
        if not value or isinstance(value, Kept):
            return value or None
        found = Kept.named(str(value))
        if found is None:
            raise forms.ValidationError("No file of that digest was handed in. Hand the file itself in first.")
        return found


@dataclass(frozen=True)
class File(Kind):
    """A file, by the digest of what is in it; the file itself is kept beside the database."""

    control: ClassVar[str] = "file"

    def field(self) -> forms.Field:
        return _FileField()

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of a file handed in before"}

    def logged(self, value: Any) -> Json:
        return str(value.sha256)


class _ListField(forms.Field):
    """Several values, one a line where they come as text."""

    def __init__(self, each: forms.Field) -> None:
        self._each = each
        super().__init__()

    def to_python(self, value: Any) -> list[Any]:
        given = value.splitlines() if isinstance(value, str) else list(value or ())
        read: list[Any] = []
        for one in (str(each).strip() for each in given):
            if one and (cleaned := self._each.clean(one)) not in read:
                read.append(cleaned)
        return read


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
        return _ListField(self.each.field())

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
