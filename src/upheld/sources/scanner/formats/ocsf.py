"""OCSF findings, as Prowler writes them: a list of events, or one event a line."""

from upheld.sources.scanner.report import Found, Looked, Node, NotReadable, Report, State

FINDINGS = {2001, 2002, 2003, 2004}  # security, vulnerability, compliance, detection finding
_PASSED = {"PASS", "PASSED", "SUCCESS"}
_FAILED = {"FAIL", "FAILED", "FAILURE", "WARNING"}
_UNDECIDED = {"MANUAL", "UNKNOWN", "ERROR", "NOT_AVAILABLE"}


def is_it(document: object) -> bool:
    """Whether `document` is a list of OCSF findings."""
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and first.get("class_uid") in FINDINGS


def read(document: object) -> list[Report]:
    """Return one report for each product that wrote events."""
    events = Node(document).each() if isinstance(document, list) else [Node(document)]
    by_tool: dict[str, list[Node]] = {}
    for event in events:
        if event.at("class_uid").value not in FINDINGS:
            raise NotReadable(f"{event.place}.class_uid is {event.at('class_uid').text[:20]!r}, which is no class of findings")
        by_tool.setdefault(event.at("metadata", "product", "name").needed, []).append(event)
    return [_report(tool, some) for tool, some in by_tool.items()]


def _report(tool: str, events: list[Node]) -> Report:
    times = [event.at("time_dt").instant or event.at("finding_info", "created_time_dt").instant for event in events]
    return Report(
        format="ocsf",
        tool=tool,
        version=events[0].at("metadata", "product", "version").text or None,
        finished_at=max(filter(None, times), default=None),
        looked=Looked(pairs=frozenset((_rule(event), _area(event)) for event in events if _word(event) not in _UNDECIDED)),
        found=tuple(_found(event) for event in events if _word(event) not in _PASSED),
        target=events[0].at("cloud", "account", "uid").text,
    )


def _found(event: Node) -> Found:
    word = _word(event)
    muted = event.at("status").text == "Suppressed" or event.at("status_id").value == 3
    state = State.UNKNOWN if word in _UNDECIDED else State.SUPPRESSED if muted else State.OPEN
    return Found(
        rule=_rule(event),
        title=event.at("finding_info", "title").text or event.at("message").text or _rule(event),
        area=_area(event),
        place=_area(event),
        severity=event.at("severity").severity,
        state=state,
        found_at=event.at("finding_info", "first_seen_time_dt").instant,
    )


def _word(event: Node) -> str:
    """Return PASS, FAIL, MANUAL or the like. A finding of a class that has no outcome is one because it failed."""
    said = (event.at("status_code").text or event.at("compliance", "status").text).upper()
    if said not in _PASSED | _FAILED | _UNDECIDED | {""}:
        raise NotReadable(f"{event.place}.status_code is {said[:40]!r}, which is no outcome that is known")
    return said or "FAIL"


def _rule(event: Node) -> str:
    return event.at("metadata", "event_code").text or event.at("compliance", "control").text or event.at("finding_info", "uid").needed


def _area(event: Node) -> str:
    first = next(iter(event.at("resources").each()), Node(None))
    return first.at("uid").text or first.at("name").text
