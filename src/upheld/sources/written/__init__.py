"""Source kind `written`: whether what registers say is written somewhere is there and can be read, and its digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.history import rows_at
from upheld.sources.frames import files
from upheld.sources.source import Misconfigured, Setting
from upheld.sources.written.get import tried
from upheld.sources.written.shape import Tried, is_address, place_row

NAMED_IN = ("runbooks", "system_descriptions")  # tables whose column `place` names a file or an address


@dataclass(frozen=True)
class Written:
    """Places to try: those that were told, or those that registers named when they were read last."""

    told: tuple[str, ...]
    folders: tuple[Path, ...]
    addresses: bool
    patience: float

    def places(self) -> Sequence[str]:
        """Return the places to try, in order."""
        if self.told:
            return self.told
        return sorted({str(row["place"]) for table in NAMED_IN for row in _rows(table) if row.get("place")})

    def test(self) -> str:
        """Return how many places there are."""
        return f"{len(self.places())} places to look at"

    def collect(self, into: Collecting) -> None:
        """Try each place."""
        places = self.places()
        for number, place in enumerate(places):
            into.progress(place, number, len(places))
            into.rows("written_places", [place_row(place, self._tried(place), into.seen_at)])
        into.rows("written_places", [])

    def _tried(self, place: str) -> Tried:
        if is_address(place) and not self.addresses:
            return Tried(None, None, "addresses are not asked: the setting addresses is not yes")
        if not is_address(place) and not self.folders:
            return Tried(None, None, "no folder is set in which files may be read")
        return tried(place, self.folders, self.patience)


def _rows(table: str) -> list[Mapping[str, object]]:
    read = list(files(table_name=table, in_use=True))
    by_source = {name: [file for file in read if file.source == name] for name in {file.source for file in read}}
    return [row for its in by_source.values() for row in rows_at(its, table, clock.now())]


class WrittenKind:
    """What `upheld source add ... written` needs."""

    name: ClassVar[str] = "written"
    title: ClassVar[str] = "places where procedures and descriptions are written"
    tables: ClassVar[Sequence[str]] = ("written_places",)
    settings: ClassVar[Sequence[Setting]] = (
        Setting("folders", "folders in which files may be read, as clones of a wiki or of a repository, blank between", ""),
        Setting("addresses", "yes to ask http and https addresses too", "no"),
        Setting("places", "files or addresses to try, blank between; empty for those that runbooks and descriptions name", ""),
        Setting("patience", "seconds that one address may take", "10"),
    )
    least_rights: ClassVar[str] = "Read on the folders. Addresses are asked without signing in, in private networks only where allowed."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Written:
        """Return the source; raises `Misconfigured` for a folder that is not there."""
        folders = tuple(Path(word) for word in settings["folders"].split())
        for folder in folders:
            if not folder.is_dir():
                raise Misconfigured(f"folders: {folder} is not a folder")
        if not settings["patience"].isdecimal():
            raise Misconfigured(f"patience {settings['patience']!r} is not a number of seconds")
        return Written(tuple(settings["places"].split()), folders, settings["addresses"] == "yes", float(settings["patience"]))


WRITTEN = WrittenKind()
