"""A plain evaluator of Sigma rules: one rule, one event, one value at a time; slow and obvious: the engine is held against it."""

import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

import regex
from sigma.conditions import ConditionAND, ConditionNOT, ConditionOR, ConditionValueExpression
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

_COMPARES = {
    "LT": lambda a, b: a < b,
    "LTE": lambda a, b: a <= b,
    "GT": lambda a, b: a > b,
    "GTE": lambda a, b: a >= b,
    "NEQ": lambda a, b: a != b,
}


def meets(rule: Any, event: dict[str, Any]) -> bool:
    """Whether `event` meets the pySigma `rule`."""
    return any(_holds(each.parsed, event) for each in rule.detection.parsed_condition)


def text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _holds(condition: Any, event: dict[str, Any]) -> bool:
    if isinstance(condition, ConditionAND):
        return all(_holds(each, event) for each in condition.args)
    if isinstance(condition, ConditionOR):
        return any(_holds(each, event) for each in condition.args)
    if isinstance(condition, ConditionNOT):
        return not _holds(condition.args[0], event)
    if isinstance(condition, ConditionValueExpression):
        return any(_anywhere(condition.value, each) for each in _leaves(event))
    return _field(condition.value, _at(event, condition.field), event)


def _at(event: Any, name: str) -> Any:
    if isinstance(event, dict) and event.get(name) is not None:
        return event[name]
    found = event
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [] if value is None else [text(value)]


def _field(expected: Any, value: Any, event: dict[str, Any]) -> bool:
    if isinstance(expected, SigmaExpansion):
        return any(_field(each, value, event) for each in expected.values)
    if isinstance(expected, SigmaExists):
        return (value is not None) is bool(expected.exists)
    if isinstance(expected, SigmaNull):
        return value == [] or any(each is None or each == "" for each in (value if isinstance(value, list) else [value]))
    if isinstance(expected, SigmaFieldReference):
        other = _at(event, expected.field)
        return value is not None and other is not None and text(value).lower() == text(other).lower()
    return any(_value(expected, text(each)) for each in (value if isinstance(value, list) else [value]) if each is not None)


def _value(expected: Any, said: str) -> bool:
    if isinstance(expected, SigmaCIDRExpression | SigmaCompareExpression):
        return _measured(expected, said)
    if isinstance(expected, SigmaTimestampPart):
        return _in_part(expected, said)
    match expected:
        case SigmaString():
            return _like(expected, said)
        case SigmaBool():
            return said.lower() == str(expected.boolean).lower()
        case SigmaNumber():
            return said == str(expected.number)
        case SigmaRegularExpression():
            flags = sum(getattr(regex, each.name) for each in expected.flags)
            return regex.search(str(expected.regexp), said, flags) is not None
    raise AssertionError(type(expected))


def _measured(expected: Any, said: str) -> bool:
    try:
        if isinstance(expected, SigmaCIDRExpression):
            return ipaddress.ip_address(said) in ipaddress.ip_network(expected.cidr, strict=False)
        return _COMPARES[expected.op.name](float(said), float(str(expected.number)))
    except ValueError:
        return False


def _in_part(expected: SigmaTimestampPart, said: str) -> bool:
    try:
        at = datetime.fromtimestamp(int(said), UTC) if re.fullmatch("[0-9]{9,11}", said) else datetime.fromisoformat(said).astimezone(UTC)
    except ValueError:
        return False
    parts = {"minute": at.minute, "hour": at.hour, "day": at.day, "week": at.isocalendar()[1], "month": at.month, "year": at.year}
    return parts[expected.timestamp_part.name.lower()] == int(expected.number)


def _pattern(expected: SigmaString) -> str:
    signs = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    cased = isinstance(expected, SigmaCasedString)
    return "".join(signs[each] if isinstance(each, SpecialChars) else re.escape(each if cased else each.lower()) for each in expected.s)


def _like(expected: SigmaString, said: str) -> bool:
    if list(expected.s) == [SpecialChars.WILDCARD_MULTI]:
        return said != ""
    said = said if isinstance(expected, SigmaCasedString) else said.lower()
    return re.fullmatch(_pattern(expected), said, re.DOTALL) is not None


def _anywhere(expected: Any, said: str) -> bool:
    if isinstance(expected, SigmaExpansion):
        return any(_anywhere(each, said) for each in expected.values)
    if not isinstance(expected, SigmaString):
        return (text(expected.number) in said) if isinstance(expected, SigmaNumber) else _value(expected, said)
    said = said if isinstance(expected, SigmaCasedString) else said.lower()
    return said != "" and re.search(_pattern(expected), said, re.DOTALL) is not None
