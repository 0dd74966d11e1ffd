"""How words become values: a form's field for each kind of parameter, with errors in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.db.models import Q

from upheld.actions.files import Kept
from upheld.actions.models import Record, natural_key
from upheld.checks.span import Span, span

_remembered: ContextVar[dict[tuple[type[Record], str], Record] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this, a record that many actions name is looked up once: for one transaction that does many."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


class InstantField(forms.Field):
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


class ChoiceField(forms.ChoiceField):
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


class YesNoField(forms.Field):
    """Yes or no, said in words or as JSON has it; never guessed from absence."""

    _YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})

    def to_python(self, value: Any) -> bool | None:
        if value is None or value == "":
            return None
        word = str(value).lower()
        if word not in self._YES | self._NO:
            raise forms.ValidationError("Say yes or no.")
        return word in self._YES


class PersonField(forms.CharField):
    """The id of somebody in the list of people."""

    def __init__(self, check: Callable[[str], str]) -> None:
        self._check = check
        super().__init__(max_length=120)

    def to_python(self, value: Any) -> str:
        said = super().to_python(value)
        if said and (wrong := self._check(said)):
            raise forms.ValidationError(wrong)
        return said or ""


class RecordField(forms.CharField):
    """A record, by its number or by its short name, where it has one."""

    def __init__(self, model: type[Record]) -> None:
        self._model = model
        self._key = natural_key(model)
        super().__init__(max_length=200)

    def clean(self, value: Any) -> Record | None:
        said = str(super().clean(value) or "")
        if not said:
            return None
        remembered = _remembered.get()
        if remembered is not None and (self._model, said) in remembered:
            return remembered[self._model, said]
        found = self._found(said)
        if remembered is not None:
            remembered[self._model, said] = found
        return found

    def _found(self, said: str) -> Record:
        is_number = said.isdecimal() and len(said) < 19
        if not (is_number or self._key):
            raise forms.ValidationError("Give the record's number.")
        wanted = Q(pk=int(said)) if is_number else Q(**{self._key: said})
        found = self._model._default_manager.filter(wanted).first()
        if found is None:
            raise forms.ValidationError(f"There is no {self._model._meta.verbose_name} {said}.")
        return found


class SpanField(forms.Field):
    """A span of time in words."""

    def to_python(self, value: Any) -> Span | None:
        if not value:
            return None
        try:
            return span(str(value))
        except ValueError as error:
            raise forms.ValidationError('Write a number and hours, days, weeks, months or years, as in "12 months".') from error


class FileField(forms.Field):
    """The SHA-256 of a file that was kept before."""

    def to_python(self, value: Any) -> Kept | None:
        if not value or isinstance(value, Kept):
            return value or None
        found = Kept.named(str(value))
        if found is None:
            raise forms.ValidationError("No file of that digest was handed in. Hand the file itself in first.")
        return found


class ListField(forms.Field):
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
