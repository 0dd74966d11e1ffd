"""Source kind `app_builds`: packages of mobile apps (APK, IPA) in a folder, as they were shipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.app_builds.get import NotAPackage, packages, read
from upheld.sources.app_builds.shape import build_row
from upheld.sources.source import Misconfigured, Setting, SourceError


@dataclass(frozen=True)
class AppBuilds:
    """The builds in one folder."""

    folder: Path

    def test(self) -> str:
        """Return how many packages there are; raises `SourceError` where there is none."""
        found = len(self._found())
        return f"{found} {'package' if found == 1 else 'packages'} in {self.folder}"

    def collect(self, into: Collecting) -> None:
        """Read every package; one that cannot be read is said, and ends no row."""
        rows = []
        for number, path in enumerate(found := self._found()):
            into.progress(f"reading {path.name}", number, len(found))
            try:
                rows.append(build_row(read(path)))
            except NotAPackage as error:
                into.cut_short("app_builds", str(error))
        into.rows("app_builds", rows)

    def _found(self) -> list[Path]:
        try:
            found = list(packages(self.folder))
        except OSError as error:
            raise SourceError(f"{self.folder} cannot be read: {error.strerror}", permanent=True) from error
        if not found:
            raise SourceError(f"there is no .apk or .ipa in {self.folder}: put what was shipped there", permanent=True)
        return found


class AppBuildsKind:
    """What `upheld source add ... app_builds` needs."""

    name: ClassVar[str] = "app_builds"
    title: ClassVar[str] = "Builds of mobile apps (APK, IPA)"
    tables: ClassVar[Sequence[str]] = ("app_builds",)
    settings: ClassVar[Sequence[Setting]] = (Setting("folder", "the folder with the packages that are in users' hands"),)
    least_rights: ClassVar[str] = "To read the folder; nothing in a package is run."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> AppBuilds:
        """Return the source; raises `Misconfigured` where the folder is not there."""
        folder = Path(settings["folder"]).expanduser()
        if not folder.is_dir():
            raise Misconfigured(f"folder {settings['folder']} is not there")
        return AppBuilds(folder)


APP_BUILDS = AppBuildsKind()
