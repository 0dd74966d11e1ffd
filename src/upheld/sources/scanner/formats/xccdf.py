"""XCCDF results and ARF, as OpenSCAP writes them. Read as a stream; entities and outside references are refused."""

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from upheld.sources.scanner.report import SEVERITIES, Found, Looked, NotReadable, Report, State, instant

_LOOKED = {"pass", "fixed", "fail", "notapplicable", "informational"}
_UNDECIDED = {"error", "unknown", "notchecked"}
_NOT_LOOKED = {"notselected"}
DEEPEST = 60


def read(raw: bytes) -> list[Report]:
    """Return a report for each result of a test in the XML document `raw`; raises `NotReadable`."""
    titles: dict[str, str] = {}
    results = []
    try:
        for element in _ended(raw):
            kind = _local(element)
            if kind == "Rule":
                titles[element.get("id", "")] = _text(element, "title")
            elif kind == "TestResult":
                results.append(element)
    except DefusedXmlException as error:
        raise NotReadable("it declares entities or refers outside, which no report needs; it is not read") from error
    except (ParseError, ValueError, LookupError) as error:
        raise NotReadable(f"it is no complete XML document ({error})") from error
    if not results:
        raise NotReadable("it has no TestResult: it is not what a scan came to")
    return [_report(each, titles) for each in results]


def _ended(raw: bytes) -> Iterator[Element]:
    depth = 0
    for event, element in iterparse(BytesIO(raw), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise NotReadable(f"its elements are nested more than {DEEPEST} deep")
        if event == "end":
            yield element


def _report(result: Element, titles: dict[str, str]) -> Report:
    rules = [each for each in result if _local(each) == "rule-result"]
    words = [(each, _word(each)) for each in rules]
    target = _text(result, "target")
    ended = result.get("end-time")
    # cpe:/a:redhat:openscap:1.3.7
    tool, version = (*(result.get("test-system") or "").split(":")[3:5], "", "")[:2]
    return Report(
        format="xccdf",
        tool=tool or "XCCDF",
        version=version or None,
        finished_at=instant(ended, "TestResult.end-time") if ended else None,
        looked=Looked(rules=frozenset(_id(each) for each, word in words if word in _LOOKED), areas=frozenset({target})),
        found=tuple(_found(each, word, target, titles) for each, word in words if word == "fail" or word in _UNDECIDED),
        target=target,
    )


def _found(rule: Element, word: str, target: str, titles: dict[str, str]) -> Found:
    severity = rule.get("severity", "unknown")
    if severity not in SEVERITIES:
        raise NotReadable(f"the severity of {_id(rule)} is {severity[:40]!r}, which XCCDF does not have")
    state = State.UNKNOWN if word in _UNDECIDED else State.OPEN
    title = titles.get(_id(rule)) or _id(rule).rpartition("rule_")[2] or _id(rule)
    return Found(_id(rule), title, target, "", SEVERITIES[severity], state)


def _word(rule: Element) -> str:
    word = _text(rule, "result")
    if word not in _LOOKED | _UNDECIDED | _NOT_LOOKED:
        raise NotReadable(f"the result of {_id(rule)} is {word[:40]!r}, which XCCDF does not have")
    return word


def _id(rule: Element) -> str:
    return rule.get("idref", "")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element, name: str) -> str:
    return next(("".join(each.itertext()).strip() for each in element if _local(each) == name), "")
