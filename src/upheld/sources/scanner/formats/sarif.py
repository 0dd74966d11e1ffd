"""SARIF 2.1.0, as Bandit, Ruff, Semgrep, CodeQL and many others write it."""

from upheld.sources.scanner.report import Found, Looked, Node, NotReadable, Report, State

_LEVELS = {"error": "high", "warning": "medium", "note": "low", "none": "info"}


def is_it(document: object) -> bool:
    """Whether `document` is SARIF."""
    return isinstance(document, dict) and isinstance(document.get("runs"), list)


def read(document: object) -> list[Report]:
    """Return a report for each run."""
    root = Node(document)
    if not root.at("version").text.startswith("2.1"):
        raise NotReadable(f"{root.place}.version is {root.at('version').text[:20]!r}; SARIF 2.1.0 is read")
    return [_run(run) for run in root.at("runs").each()]


def _run(run: Node) -> Report:
    driver = run.at("tool", "driver")
    invocations = run.at("invocations").each()
    ended = [each.at("endTimeUtc").instant or each.at("startTimeUtc").instant for each in invocations]
    succeeded = [each.at("executionSuccessful").value for each in invocations]
    defaults = _rules(run)
    return Report(
        format="sarif",
        tool=driver.at("name").needed,
        version=driver.at("semanticVersion").text or driver.at("version").text or None,
        finished_at=max(filter(None, ended), default=None),
        # A run that says nothing of itself ran to its end, or it would have said so.
        whole=all(each is not False for each in succeeded),
        looked=Looked(rules=frozenset(defaults), areas=_files(run)),
        found=tuple(_found(each, defaults) for each in run.at("results").each() if each.at("kind").text in ("", "fail", "open", "review")),
    )


def _files(run: Node) -> frozenset[str] | None:
    """Return the files that the run says it looked at, None where it does not say."""
    artifacts = run.at("artifacts").each()
    looked_at = [each for each in artifacts if any(role.text == "analysisTarget" for role in each.at("roles").each())]
    return frozenset(each.at("location", "uri").text for each in looked_at) if looked_at else None


def _rules(run: Node) -> dict[str, str]:
    """Return the level of each rule that the run lists: of the scanner itself, and of its extensions."""
    found: dict[str, str] = {}
    for component in (run.at("tool", "driver"), *run.at("tool", "extensions").each()):
        for rule in component.at("rules").each():
            found[rule.at("id").needed] = rule.at("defaultConfiguration", "level").text or "warning"
    return found


def _found(result: Node, defaults: dict[str, str]) -> Found:
    rule = result.at("ruleId").text or result.at("rule", "id").needed
    location = next(iter(result.at("locations").each()), Node(None)).at("physicalLocation")
    area = location.at("artifactLocation", "uri").text
    prints = result.at("partialFingerprints").value or result.at("fingerprints").value
    mark = "|".join(f"{name}={value}" for name, value in sorted(prints.items())) if isinstance(prints, dict) else ""
    line = location.at("region", "startLine").text
    suppressed = [each for each in result.at("suppressions").each() if each.at("status").text in ("", "accepted")]
    return Found(
        rule=rule,
        title=result.at("message", "text").text or rule,
        area=area,
        # With a fingerprint a finding keeps its name when lines move.
        place="" if mark else line,
        mark=mark,
        severity=_severity(result, defaults.get(rule, "warning")),
        state=State.SUPPRESSED if suppressed else State.OPEN,
    )


def _severity(result: Node, default: str) -> str | None:
    """Return the severity: what the scanner says beside the level (GitHub's score, Bandit's word), else the level."""
    score = result.at("properties", "security-severity").text
    if score:
        return _of_score(score, result.place)
    if result.at("properties", "issue_severity").text:
        return result.at("properties", "issue_severity").severity
    level = result.at("level").text or default
    if level not in _LEVELS:
        raise NotReadable(f"{result.place}.level is {level[:40]!r}, which SARIF does not have")
    return _LEVELS[level]


def _of_score(score: str, place: str) -> str:
    try:
        number = float(score)
    except ValueError as error:
        raise NotReadable(f"{place}.properties.security-severity is {score[:20]!r}, which is no number") from error
    # The bounds of CVSS 3.1.
    return "critical" if number >= 9 else "high" if number >= 7 else "medium" if number >= 4 else "low" if number > 0 else "info"
