"""Rules as people write them (sigmahq.io), read and mapped by pySigma, and turned into trees over numbered predicates."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationRule
from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaRule
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

from upheld.logs.sigma.correlating import order
from upheld.logs.sigma.correlation import Correlation, Way
from upheld.logs.sigma.documents import WRONG, Document, documents, is_given_up, named, why
from upheld.logs.sigma.matching import usable
from upheld.logs.sigma.predicate import ANYWHERE, Kind, Predicate, Tree, all_of, any_of, none_of, numbers
from upheld.logs.sigma.rule import Rule, RuleSet

_FLAGS = {"IGNORECASE": "i", "MULTILINE": "m", "DOTALL": "s"}
_LONGEST_SECONDS, _MOST = 10 * 366 * 86_400, 1e12
_REFUSED = "uses {what}, which is not supported"


class CannotTell(ValueError):
    """A rule says something that this engine cannot hold against an event; it is left out, and why is said."""


def read(files: Iterable[Path], pipelines: Sequence[ProcessingPipeline] = ()) -> RuleSet:
    """Return the rules in `files`, their fields mapped by `pipelines`. What is wrong is left out and says why."""
    found = RuleSet()
    mapping = sum(pipelines, ProcessingPipeline())
    for document in documents(files, found.leave_out):
        _add(document, mapping, found)
    return _resolved(found)


def _add(document: Document, mapping: ProcessingPipeline, into: RuleSet) -> None:
    rule = document.rule
    try:
        for error in rule.errors:
            raise error
        if isinstance(rule, SigmaCorrelationRule):
            into.correlations.append(_correlation(rule, document))
        else:
            mapping.apply(rule)
            into.rules.append(_rule(rule, document, into))
    except WRONG as error:
        into.leave_out(str(document.path), document.name, why(error), not is_given_up(rule.status))


def _resolved(found: RuleSet) -> RuleSet:
    """Leave out correlations of rules that are not there, and say so; those of correlations that are left out, too."""
    ordered = set(order(found.correlations))
    for each in [each for place, each in enumerate(found.correlations) if place not in ordered]:
        found.correlations.remove(each)
        found.leave_out(each.place, each.id, "it correlates itself, or one that does")
    while True:
        every: list[Rule | Correlation] = [*found.rules, *found.correlations]
        known = {name for rule in every for name in (rule.id, rule.name) if name}
        wrong = [(each, name) for each in found.correlations for name in each.rules if name not in known]
        if not wrong:
            return found
        for each, name in {each.id: (each, name) for each, name in wrong}.values():
            found.correlations.remove(each)
            found.leave_out(each.place, each.id, f"it correlates {name!r}, which is no rule that was read")


def _rule(rule: SigmaRule, document: Document, into: RuleSet) -> Rule:
    tree = any_of(_tree(condition.parsed, into) for condition in rule.detection.parsed_condition)
    wrong = usable(into.predicates[number] for number in numbers(tree))
    if wrong:
        raise CannotTell(wrong)
    source = rule.logsource
    return Rule(
        id=document.name,
        name=str(rule.name or ""),
        title=str(rule.title),
        level=str(rule.level.name.lower()) if rule.level else "",
        status=str(rule.status.name.lower()) if rule.status else "",
        author=str(rule.author or ""),
        licence=str(rule.license or ""),
        product=source.product or "",
        category=source.category or "",
        service=source.service or "",
        tags=tuple(str(tag) for tag in rule.tags),
        place=str(document.path),
        digest=document.digest,
        tree=tree,
    )


def _correlation(rule: SigmaCorrelationRule, document: Document) -> Correlation:
    kind = rule.type.name.lower()
    if kind not in Way._value2member_map_:
        raise CannotTell(_REFUSED.format(what=f"the correlation {kind}"))
    condition, names = rule.condition, [named(each.reference) for each in rule.rules or ()]
    counted = getattr(condition, "fieldref", None)
    aliases = {each.alias: {named(of.reference): name for of, name in each.mapping.items()} for each in rule.aliases}
    if any(of not in names for mapping in aliases.values() for of in mapping):
        raise CannotTell("an alias names a rule that is not among those correlated")
    if not names:
        raise CannotTell("it names no rule to correlate")
    count = float(condition.count) if isinstance(condition, SigmaCorrelationCondition) else float(len(names))
    if rule.timespan.seconds > _LONGEST_SECONDS or not abs(count) < _MOST:
        raise CannotTell("it looks back longer than ten years, or counts beyond all measure")
    return Correlation(
        id=document.name,
        name=str(rule.name or ""),
        title=str(rule.title),
        level=str(rule.level.name.lower()) if rule.level else "",
        author=str(rule.author or ""),
        licence=str(rule.license or ""),
        place=str(document.path),
        digest=document.digest,
        way=Way(kind),
        rules=tuple(names),
        seconds=float(rule.timespan.seconds),
        group_by=tuple(rule.group_by or ()),
        operator=condition.op.name.lower() if isinstance(condition, SigmaCorrelationCondition) else "gte",
        count=count,
        counted=tuple(counted) if isinstance(counted, list) else ((counted,) if counted else ()),
        aliases=aliases,
        generate=bool(rule.generate),
    )


def _tree(condition: object, into: RuleSet) -> Tree:
    match condition:
        case ConditionAND():
            return all_of(_tree(each, into) for each in condition.args)
        case ConditionOR():
            return any_of(_tree(each, into) for each in condition.args)
        case ConditionNOT():
            return none_of(_tree(condition.args[0], into))
        case ConditionFieldEqualsValueExpression():
            return _value(condition.field, condition.value, into)
        case ConditionValueExpression():
            return _keyword(condition.value, into)
    raise CannotTell(_REFUSED.format(what=type(condition).__name__))


def _value(name: str, value: object, into: RuleSet) -> Tree:
    if isinstance(value, SigmaExpansion):
        return any_of(_value(name, each, into) for each in value.values)
    if isinstance(value, SigmaNull):
        return into.number(Predicate(name, Kind.ABSENT))
    if isinstance(value, SigmaExists):
        present = into.number(Predicate(name, Kind.PRESENT, more="even empty"))
        return present if value.exists else none_of(present)
    if isinstance(value, SigmaTimestampPart):  # which pySigma has as a sort of number
        return into.number(Predicate(name, Kind.PART, str(value.number), more=value.timestamp_part.name.lower()))
    return into.number(_predicate(name, value))


def _keyword(value: object, into: RuleSet) -> Tree:
    """A keyword stands anywhere in the event, so that one without wildcards is contained, not equal."""
    if isinstance(value, SigmaExpansion):
        return any_of(_keyword(each, into) for each in value.values)
    predicate = _predicate(ANYWHERE, value)
    if predicate.kind in (Kind.EQUALS, Kind.STARTS, Kind.ENDS):
        predicate = predicate._replace(kind=Kind.CONTAINS)
    elif predicate.kind is Kind.LIKE:
        predicate = predicate._replace(argument=f"*{predicate.argument}*")
    return into.number(predicate)


def _predicate(name: str, value: object) -> Predicate:
    match value:
        case SigmaString():
            return _text(name, value)
        case SigmaBool():
            return Predicate(name, Kind.EQUALS, str(value.boolean).lower())
        case SigmaNumber():
            return Predicate(name, Kind.EQUALS, str(value.number))
        case SigmaRegularExpression():
            flags = "".join(sorted(_FLAGS[each.name] for each in value.flags))
            return Predicate(name, Kind.REGEX, str(value.regexp), cased=True, more=flags)
        case SigmaCIDRExpression():
            return Predicate(name, Kind.CIDR, str(value.cidr))
        case SigmaCompareExpression():
            return Predicate(name, Kind.COMPARE, str(value.number), more=value.op.name.lower())
        case SigmaFieldReference():
            ends = ("^" if value.starts_with else "") + ("$" if value.ends_with else "")
            return Predicate(name, Kind.FIELD, value.field, more=ends)
    raise CannotTell(_REFUSED.format(what=type(value).__name__))


def _text(name: str, value: SigmaString) -> Predicate:
    cased = isinstance(value, SigmaCasedString)
    parts = list(value.s)
    if any(not isinstance(each, str | SpecialChars) for each in parts):
        raise CannotTell("it has a placeholder that nothing fills")
    many = SpecialChars.WILDCARD_MULTI
    first, last = bool(parts) and parts[0] is many, len(parts) > 1 and parts[-1] is many
    inner = parts[first : len(parts) - last]
    if not inner and first:
        return Predicate(name, Kind.PRESENT)
    if any(not isinstance(each, str) for each in inner):
        return Predicate(name, Kind.LIKE, _pattern(parts), cased)
    kind = {(False, False): Kind.EQUALS, (True, False): Kind.ENDS, (False, True): Kind.STARTS, (True, True): Kind.CONTAINS}[first, last]
    argument = "".join(str(each) for each in inner)
    return Predicate(name, kind, argument if cased else argument.lower(), cased)


def _pattern(parts: Sequence[object]) -> str:
    """The text with * and ? as wildcards, those that are meant as themselves escaped."""
    signs = {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}
    return "".join(
        signs[each] if isinstance(each, SpecialChars) else str(each).replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")
        for each in parts
    )
