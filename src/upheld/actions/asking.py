"""Asking for an action in words: from a form, the API or the command line, each through the same form, with errors field by field."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from upheld.accounts.person import Person
from upheld.actions.acting import Done, act, check_first
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import Action
from upheld.actions.errors import Ill, NoSuchRecord
from upheld.actions.kinds import Kind, ListOf
from upheld.actions.models import Record
from upheld.actions.parameters import Parameter

MOST_AT_ONCE = 1_000


def form(action: Action[..., Any], given: Mapping[str, Any] | None = None) -> forms.Form:
    """Return the form that reads what `action` is told; bound to `given` (text, or values as JSON has them) if there is any."""
    return _made(action)(given)


@cache
def _made(action: Action[..., Any]) -> type[forms.Form]:
    made: type[forms.Form] = type("ActionForm", (forms.Form,), {each.name: _field(each) for each in action.parameters})
    return made


def _field(parameter: Parameter) -> forms.Field:
    field = parameter.kind.field()
    field.required = parameter.required
    field.label = parameter.label
    field.help_text = parameter.meaning
    return field


def read(action: Action[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` as typed values. Raises `Ill` with a sentence for each field that is missing, wrong or unknown."""
    known = {each.name for each in action.parameters}
    wrong: dict[str, Sequence[str]] = {
        name: (f"{action.name} knows no such field; it has {', '.join(sorted(known)) or 'none'}.",) for name in given if name not in known
    }
    kinds = {each.name: each.kind for each in action.parameters}
    wrong |= {name: (why,) for name, value in given.items() if (why := _no_value(value, kinds.get(name)))}
    values: dict[str, Any] = {}
    for name, field in _made(action).base_fields.items():  # not a form, which copies its fields: thousands of lines are read so
        try:
            values[name] = field.clean(_as_given(given[name]) if name in given and name not in wrong else None)
        except ValidationError as error:
            wrong.setdefault(name, error.messages)
    if wrong:
        raise Ill(wrong)
    return {each.name: _or_default(values[each.name], each.default, given.get(each.name)) for each in action.parameters}


def _no_value(value: Any, kind: Kind | None) -> str:
    """Return why `value` is nothing that a parameter of `kind` can be read from, "" where it may be."""
    if isinstance(value, dict):
        return "Give a value, not an object."
    if isinstance(value, list) and kind is not None and not isinstance(kind, ListOf):
        return "Give one value, not a list."
    try:
        str(value).encode()
    except UnicodeEncodeError:  # lone surrogates, which arguments of commands can hold
        return "This has characters that are no text."
    return ""


def _as_given(value: Any) -> Any:
    """Return `value` as a form has it: text, but for what is nothing, typed already, or a list."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value


def _or_default(value: Any, default: Any, given: Any) -> Any:
    if value not in (None, "", []):
        return value
    return value if given is not None and default is None and value is not None else default


def ask(
    action: Action[..., Any],
    given: Mapping[str, Any],
    *,
    by: Person,
    number: int | str | None = None,
    seen: int | None = None,
    key: str = "",
) -> Done:
    """Do `action` as `by`, told `given`, to the record `number`, which was seen in version `seen` (None: as it is now).

    The same `key` again with the same request is answered with what it came to the first time; with another one it raises
    `KeyReused`. Raises `Ill`, `NoSuchRecord` and what `acting.act` raises.
    """
    request = _request(action, given, number, by) if key else ""
    record = _record(action, number, seen, by)
    check_first(action, by, record)
    values = read(action, given)
    return act(action, (record,) if record is not None else (), {**values, "by": by}, key=key, request=request)


def ask_for_each(action: Action[..., Any], given: Mapping[str, Any], *, by: Person, numbers: Sequence[int | str]) -> list[Done]:
    """Do `action` to each of the records `numbers`: to all, or, if one refuses, to none, saying which. Raises as `ask`."""
    if len(numbers) > MOST_AT_ONCE:
        raise Ill({"": (f"At most {MOST_AT_ONCE:,} records at once.",)})
    with transaction.atomic():
        return [ask(action, given, by=by, number=number) for number in numbers]


def _record(action: Action[..., Any], number: int | str | None, seen: int | None, by: Person) -> Record | None:
    if action.on is None:
        if number not in (None, ""):
            raise Ill({"": (f"{action.name} makes a new record and takes no number.",)})
        return None
    if why_not_at_all(action, by) is not None:
        check_first(action, by, None)
    name = action.on._meta.verbose_name
    if number in (None, ""):
        raise Ill({"": (f"{action.name} needs the number of a {name}.",)})
    found = action.on._default_manager.filter(pk=int(number)).first() if str(number).isdecimal() and len(str(number)) < 19 else None
    if found is None:
        raise NoSuchRecord(f"There is no {name} {number}.")
    if seen is not None:
        found.version = seen
    return found


def _request(action: Action[..., Any], given: Mapping[str, Any], number: int | str | None, by: Person) -> str:
    said = [action.name, str(number), by.actor.id, dict(given)]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
