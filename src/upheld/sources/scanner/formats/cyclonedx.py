"""CycloneDX in JSON: the vulnerabilities that a bill of materials names, with what was decided about each (VEX)."""

from collections.abc import Iterator

from upheld.sources.scanner.report import SEVERITIES, Found, Looked, Node, NotReadable, Report

_OPEN = {"", "exploitable", "in_triage"}
_NOT_OPEN = {"resolved", "resolved_with_pedigree", "false_positive", "not_affected"}
_WORST = ("critical", "high", "medium", "low", "info", None)


def is_it(document: object) -> bool:
    """Whether `document` is CycloneDX."""
    return isinstance(document, dict) and document.get("bomFormat") == "CycloneDX"


def read(document: object) -> list[Report]:
    """Return the one report. Raises `NotReadable` for a bill that names no vulnerabilities, not even none: nobody looked for any."""
    root = Node(document)
    if root.at("vulnerabilities").value is None:
        raise NotReadable("this bill of materials says nothing of vulnerabilities; add it as a source of kind sbom")
    area = root.at("metadata", "component", "name").text
    names = {each.at("bom-ref").text: each for each in components(root)}
    return [
        Report(
            format="cyclonedx",
            tool=_tool(root),
            version=None,
            finished_at=root.at("metadata", "timestamp").instant,
            looked=Looked(areas=frozenset({area})),
            found=tuple(found for each in root.at("vulnerabilities").each() for found in _found(each, area, names)),
            target=area,
        )
    ]


def components(root: Node) -> Iterator[Node]:
    """Yield every component of a bill, however deep it is nested."""
    waiting = root.at("components").each()
    while waiting:
        each = waiting.pop()
        yield each
        waiting += each.at("components").each()


def _tool(root: Node) -> str:
    tools = root.at("metadata", "tools")
    first = next(iter(tools.each() if isinstance(tools.value, list) else tools.at("components").each()), Node(None))
    return first.at("name").text or "CycloneDX"


def _found(each: Node, area: str, names: dict[str, Node]) -> Iterator[Found]:
    decided = each.at("analysis", "state").text
    if decided not in _OPEN | _NOT_OPEN:
        raise NotReadable(f"{each.place}.analysis.state is {decided[:40]!r}, which CycloneDX does not have")
    if decided in _NOT_OPEN:
        return
    rule = each.at("id").needed
    severity = min((_rated(rating) for rating in each.at("ratings").each()), key=_WORST.index, default=None)
    for affected in each.at("affects").each() or [Node(None)]:
        component = names.get(affected.at("ref").text, Node(None))
        place = f"{component.at('name').text} {component.at('version').text}".strip() or affected.at("ref").text
        yield Found(rule, each.at("description").text[:300] or rule, area, place, severity)


def _rated(rating: Node) -> str | None:
    word = rating.at("severity").text or "unknown"
    if word not in SEVERITIES:
        raise NotReadable(f"{rating.place}.severity is {word[:40]!r}, which CycloneDX does not have")
    return SEVERITIES[word]
