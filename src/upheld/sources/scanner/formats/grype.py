"""Grype's JSON: matches of packages with vulnerabilities; what it was told to ignore stays, as suppressed."""

from upheld.sources.scanner.report import Found, Looked, Node, Report, State


def is_it(document: object) -> bool:
    """Whether `document` is a report of Grype."""
    return isinstance(document, dict) and "matches" in document and "descriptor" in document


def read(document: object) -> list[Report]:
    """Return the one report."""
    root = Node(document)
    area = _target(root.at("source", "target"))
    found = [_found(each, area, State.OPEN) for each in root.at("matches").each()]
    ignored = [_found(each, area, State.SUPPRESSED) for each in root.at("ignoredMatches").each()]
    database = root.at("descriptor", "db")
    return [
        Report(
            format="grype",
            tool=root.at("descriptor", "name").text or "grype",
            version=root.at("descriptor", "version").text or None,
            finished_at=root.at("descriptor", "timestamp").instant,
            database_at=database.at("built").instant or database.at("status", "built").instant,
            looked=Looked(areas=frozenset({area})),
            found=tuple(found + ignored),
            target=area,
        )
    ]


def _target(target: Node) -> str:
    if isinstance(target.value, dict):
        return target.at("userInput").text or target.at("imageID").text
    return target.text


def _found(match: Node, area: str, state: State) -> Found:
    rule = match.at("vulnerability", "id").needed
    artifact = match.at("artifact")
    place = f"{artifact.at('name').needed} {artifact.at('version').text}".strip()
    fix = match.at("vulnerability", "fix")
    fixed_in = ", ".join(each.text for each in fix.at("versions").each()) if fix.at("state").text == "fixed" else ""
    dates = [at for each in fix.at("available").each() if (at := each.at("date").instant) is not None]
    severity = match.at("vulnerability", "severity").severity
    return Found(rule, f"{rule} in {place}", area, place, severity, state, fixed_in=fixed_in, fixed_at=min(dates, default=None))
