"""Reports to rows: the scans, and the findings that stand. One that was not looked for again stands on. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from upheld.evidence.table import Row
from upheld.sources.scanner.get import Read
from upheld.sources.scanner.report import Found, Looked, Report, State, fingerprint

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
LONGEST = 1_000  # characters of a title or place


@dataclass(frozen=True)
class Scan:
    """A report, the system that it is about, and what it is called."""

    id: str
    system: str
    report: Report

    @property
    def at(self) -> datetime:
        """When the scan ended; one that does not say so comes first."""
        return self.report.finished_at or _NEVER


def scans(read: Iterable[Read], system: str, *, everything: bool) -> list[Scan]:
    """Return the scans in what was `read`, oldest first. A report is about `system`, or about its own target where that is "".

    `everything` says that each report is of a run of all rules over the whole system, though it lists only what it found.
    """
    found = []
    for file in read:
        for number, report in enumerate(file.reports):
            about = system or report.target or "unknown"
            looked = Looked() if everything and report.whole is not False else report.looked
            found.append(Scan(f"{file.digest[:32]}/{number}/{about}", about, _looking(report, looked)))
    return sorted(found, key=lambda scan: (scan.at, scan.id))


def _looking(report: Report, looked: Looked) -> Report:
    # Who looked at nothing, or does not say at what, reviewed nothing.
    whole = None if report.whole and looked.is_nothing and not report.found else report.whole
    return Report(
        report.format, report.tool, report.version, report.finished_at, looked, report.found, whole, report.target, report.database_at
    )


def scan_rows(scans: Iterable[Scan]) -> Iterator[Row]:
    """Yield the rows of table scans."""
    for scan in {each.id: each for each in scans}.values():
        report = scan.report
        yield {
            "id": scan.id,
            "system_id": scan.system,
            "tool": report.tool,
            "tool_version": report.version,
            "format": report.format,
            "finished_at": report.finished_at,
            "database_at": report.database_at,
            "rules": None if report.looked.rules is None else len(report.looked.rules),
            "findings": sum(each.state is not State.UNKNOWN for each in report.found),
            "unknowns": sum(each.state is State.UNKNOWN for each in report.found),
            "whole": report.whole,
        }


def finding_rows(scans: Iterable[Scan], known: Iterable[Row]) -> list[Row]:
    """Return the rows of table scan_findings: those `known` before, as the `scans` since (oldest first) change them."""
    standing: dict[tuple[str, str], dict[str, Row]] = {}
    for row in known:
        standing.setdefault((str(row["system_id"]), str(row["tool"])), {})[str(row["id"])] = row
    for scan in scans:
        here = standing.setdefault((scan.system, scan.report.tool), {})
        said = {fingerprint(scan.report.tool, scan.system, each): each for each in scan.report.found}
        for id in [id for id, row in here.items() if id not in said and _is_mended(row, scan)]:
            del here[id]
        for id, each in said.items():
            here[id] = _row(id, each, scan, here.get(id, {}))
    return [row for here in standing.values() for row in here.values()]


def _is_mended(row: Row, scan: Scan) -> bool:
    """Whether `scan`, by the same scanner of the same system, looked later for what `row` found."""
    if scan.report.whole is False or scan.report.finished_at is None:
        return False
    reported = row["reported_at"]
    later = not isinstance(reported, datetime) or scan.report.finished_at > reported
    return later and scan.report.looked.at(str(row["rule_id"]), str(row["area"] or ""))


def _row(id: str, found: Found, scan: Scan, before: Mapping[str, object]) -> Row:
    report = scan.report
    reported = before.get("reported_at")
    if isinstance(reported, datetime) and reported > scan.at:
        return before  # type: ignore[return-value]  # a row of the table: what a later report said stands
    dates = [at for at in (before.get("found_at"), found.found_at, report.finished_at) if isinstance(at, datetime)]
    return {
        "id": id,
        "system_id": scan.system,
        "tool": report.tool,
        "rule_id": found.rule,
        "title": found.title[:LONGEST],
        "area": found.area[:LONGEST],
        "place": (found.place if found.place != found.area else "")[:LONGEST] or found.area[:LONGEST] or None,
        "severity": found.severity,
        "state": found.state.value,
        "found_at": min(dates, default=None),
        "reported_at": report.finished_at,
        "scan_id": scan.id,
        "fixed_in": found.fixed_in[:LONGEST] or None,
        "fixed_at": found.fixed_at,
    }
