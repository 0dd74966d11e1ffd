"""Bills of materials of what the company ships (kind `sbom`): CycloneDX in JSON, from a file or a folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.sbom.get import Bill, bill
from upheld.sources.sbom.shape import component_rows, licence_rows
from upheld.sources.scanner.get import files
from upheld.sources.source import Setting, SourceError


@dataclass(frozen=True)
class SbomSource:
    """Bills in a file or folder."""

    path: Path
    product: str

    def test(self) -> str:
        """Return which bills there are; raises `SourceError` for the first that cannot be read."""
        said = [f"{each.name}: {sum(1 for _ in component_rows(each, self.product)):,} components" for each in map(bill, files(self.path))]
        return "\n".join(said) or f"{self.path} has no bill of materials yet"

    def collect(self, into: Collecting) -> None:
        """Read every bill; raises `SourceError` where none can be read."""
        bills: list[Bill] = []
        wrong: list[str] = []
        for file in files(self.path):
            try:
                bills.append(bill(file))
            except SourceError as error:
                wrong.append(str(error))
        if wrong and not bills:
            raise SourceError("; ".join(wrong[:5]), permanent=True)
        into.rows("components", [row for each in bills for row in component_rows(each, self.product)])
        into.rows("component_licences", [row for each in bills for row in licence_rows(each, self.product)])
        for table in self.tables:
            for why in wrong:
                into.cut_short(table, why)

    tables: ClassVar[Sequence[str]] = ("components", "component_licences")


class SbomKind:
    """The kind "sbom"."""

    name: ClassVar[str] = "sbom"
    title: ClassVar[str] = "Bills of materials (CycloneDX)"
    tables: ClassVar[Sequence[str]] = SbomSource.tables
    settings: ClassVar[Sequence[Setting]] = (
        Setting("folder", "path of a bill of materials, or of a folder of them"),
        Setting("product", "the product; the component that each bill says it is of when empty", ""),
    )
    least_rights: ClassVar[str] = "Read on the files; nothing is ever written to them."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> SbomSource:
        """Return the source; contacts nothing."""
        return SbomSource(Path(settings["folder"]).expanduser(), settings["product"])


SBOM = SbomKind()
