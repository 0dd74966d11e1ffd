"""What scanners report (kind `scanner`): SARIF, OCSF, XCCDF and ARF, Lynis, Trivy, Grype, InSpec and CycloneDX, from files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.scanner import get
from upheld.sources.scanner.shape import Scan, finding_rows, scan_rows, scans
from upheld.sources.source import Misconfigured, Setting, SourceError

LISTED, EVERYTHING = "listed", "everything"


@dataclass(frozen=True)
class ScannerSource:
    """Reports in a file or folder."""

    path: Path
    system: str
    everything: bool

    def test(self) -> str:
        """Return which reports there are; raises `SourceError` for the first that cannot be read."""
        found = scans([get.read(file) for file in get.files(self.path)], self.system, everything=self.everything)
        return "\n".join(self._said(scan) for scan in found) or f"{self.path} has no report yet"

    def _said(self, scan: Scan) -> str:
        report = scan.report
        ended = f"{report.finished_at:%Y-%m-%d %H:%M}" if report.finished_at else "a time that it does not say"
        return f"{report.tool} ({report.format}) about {scan.system}, ended at {ended}: {len(report.found):,} findings"

    def collect(self, into: Collecting) -> None:
        """Read every report. Where one cannot be read nothing counts as mended; raises `SourceError` where none can."""
        read, wrong = [], []
        for file in get.files(self.path):
            try:
                read.append(get.read(file))
            except SourceError as error:
                wrong.append(str(error))
        if wrong and not read:
            raise SourceError("; ".join(wrong[:5]), permanent=True)
        found = scans(read, self.system, everything=self.everything)
        into.rows("scans", scan_rows(found))
        into.rows("scan_findings", finding_rows(found, into.known("scan_findings")))
        for table in ("scans", "scan_findings"):
            for why in wrong:
                into.cut_short(table, why)
        for note in sorted({note for file in read for report in file.reports for note in report.notes}):
            into.note(note)


class ScannerKind:
    """The kind "scanner"."""

    name: ClassVar[str] = "scanner"
    title: ClassVar[str] = "Reports of scanners (SARIF, OCSF, XCCDF, Lynis, Trivy, Grype, InSpec, CycloneDX)"
    tables: ClassVar[Sequence[str]] = ("scans", "scan_findings")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("folder", "path of a report, or of a folder of reports"),
        Setting("system", "systems.id of what is scanned; the target that each report names when empty", ""),
        Setting(
            "covers",
            f"{LISTED}: a report looked for what it lists; {EVERYTHING}: for all there is, though it lists findings only",
            LISTED,
        ),
    )
    least_rights: ClassVar[str] = "Read on the reports; nothing is ever written to them."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> ScannerSource:
        """Return the source; raises `Misconfigured`."""
        if settings["covers"] not in (LISTED, EVERYTHING):
            raise Misconfigured(f"covers is {settings['covers']!r}; it can be {LISTED} or {EVERYTHING}")
        path = Path(settings["folder"]).expanduser()
        return ScannerSource(path, settings["system"], settings["covers"] == EVERYTHING)


SCANNER = ScannerKind()
