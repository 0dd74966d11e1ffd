"""InSpec's and CINC Auditor's JSON: controls of profiles with their results. An impact is a severity; what was skipped is undecided."""

from collections.abc import Iterator
from datetime import datetime

from upheld.sources.scanner.report import Found, Looked, Node, NotReadable, Report, State

_STATUSES = {"passed", "failed", "skipped", "error"}


def is_it(document: object) -> bool:
    """Whether `document` is InSpec's."""
    return isinstance(document, dict) and isinstance(document.get("profiles"), list) and "platform" in document


def read(document: object) -> list[Report]:
    """Return the one report."""
    root = Node(document)
    controls = [control for profile in root.at("profiles").each() for control in profile.at("controls").each()]
    judged = [(control, _statuses(control)) for control in controls]
    rules = [control.at("id").needed for control, said in judged if said and said <= {"passed", "failed"}]
    target = root.at("platform", "target_id").text or root.at("platform", "name").text
    return [
        Report(
            format="inspec",
            tool="inspec",
            version=root.at("version").text or None,
            finished_at=max(_times(controls), default=None),
            looked=Looked(rules=frozenset(rules), areas=frozenset({target})),
            found=tuple(_found(control, said, target) for control, said in judged if said != {"passed"}),
            target=target,
        )
    ]


def _statuses(control: Node) -> set[str]:
    said = {result.at("status").text for result in control.at("results").each()}
    if not said <= _STATUSES:
        raise NotReadable(f"{control.place} has a result {', '.join(sorted(said - _STATUSES))[:60]!r}, which InSpec does not have")
    return said


def _times(controls: list[Node]) -> Iterator[datetime]:
    for control in controls:
        for result in control.at("results").each():
            if (at := result.at("start_time").instant) is not None:
                yield at


def _found(control: Node, said: set[str], target: str) -> Found:
    state = State.OPEN if "failed" in said else State.UNKNOWN
    if control.at("waiver_data").value and state is State.OPEN:
        state = State.SUPPRESSED
    rule = control.at("id").needed
    return Found(rule, control.at("title").text or rule, target, "", _severity(control.at("impact")), state)


def _severity(impact: Node) -> str | None:
    if impact.value is None:
        return None
    if isinstance(impact.value, bool) or not isinstance(impact.value, int | float) or not 0 <= impact.value <= 1:
        raise NotReadable(f"{impact.place} is no number from 0 to 1")
    # The bounds that InSpec's own documentation gives.
    if impact.value >= 0.9:
        return "critical"
    return "high" if impact.value >= 0.7 else "medium" if impact.value >= 0.4 else "low" if impact.value > 0 else "info"
