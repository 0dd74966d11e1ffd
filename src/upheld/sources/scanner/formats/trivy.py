"""Trivy's JSON (schema version 2): what it found, by target; what it was told to ignore stays, as suppressed."""

from collections.abc import Iterator

from upheld.sources.scanner.report import Found, Looked, Node, Report, State


def is_it(document: object) -> bool:
    """Whether `document` is a report of Trivy."""
    return isinstance(document, dict) and document.get("SchemaVersion") == 2 and "ArtifactName" in document


def read(document: object) -> list[Report]:
    """Return the one report."""
    root = Node(document)
    results = root.at("Results").each()
    return [
        Report(
            format="trivy",
            tool="trivy",
            version=root.at("Trivy", "Version").text or None,
            finished_at=root.at("CreatedAt").instant,
            database_at=root.at("Metadata", "DB", "UpdatedAt").instant,
            # Of a target, all that is known was looked for; of a target that it does not name, nothing.
            looked=Looked(areas=frozenset(each.at("Target").text for each in results)),
            found=tuple(found for result in results for found in _found(result)),
            target=root.at("ArtifactName").text,
        )
    ]


def _found(result: Node) -> Iterator[Found]:
    area = result.at("Target").text
    for each in result.at("Vulnerabilities").each():
        yield _vulnerability(each, area, State.OPEN)
    for each in result.at("Misconfigurations").each():
        if each.at("Status").text in ("", "FAIL"):
            yield _other(each, area, each.at("ID").needed, State.OPEN)
    for each in result.at("Secrets").each():
        yield _other(each, area, each.at("RuleID").needed, State.OPEN)
    for each in result.at("ExperimentalModifiedFindings").each():
        finding = each.at("Finding")
        if finding.at("VulnerabilityID").text:
            yield _vulnerability(finding, area, State.SUPPRESSED)
        else:
            yield _other(finding, area, finding.at("ID").text or finding.at("RuleID").needed, State.SUPPRESSED)


def _vulnerability(each: Node, area: str, state: State) -> Found:
    package = each.at("PkgName").needed
    rule, version = each.at("VulnerabilityID").needed, each.at("InstalledVersion").text
    title = ": ".join(filter(None, (rule, each.at("Title").text)))
    fixed_in = each.at("FixedVersion").text
    return Found(rule, title, area, f"{package} {version}".strip(), each.at("Severity").severity, state, fixed_in=fixed_in)


def _other(each: Node, area: str, rule: str, state: State) -> Found:
    line = each.at("CauseMetadata", "StartLine").text or each.at("StartLine").text
    return Found(rule, each.at("Title").text or rule, area, line, each.at("Severity").severity, state)
