"""Answers of interfaces that somebody saved as files: Entra ID, Google Workspace, and organisations on GitHub or Gitea. Read only.

The forms are those that the makers document; they were tested on recorded shapes, not on the services.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.exported import entra, github, google
from upheld.sources.exported.rows import Told
from upheld.sources.source import Misconfigured, Setting, SourceError

FORMS: Mapping[str, Callable[[Path, str], Told]] = {"entra": entra.told, "google": google.told, "github": github.told}


@dataclass(frozen=True)
class ExportedSource:
    """A folder of saved answers of one system."""

    folder: Path
    form: str
    system: str

    def test(self) -> str:
        """Return how much lies there; raises `SourceError`."""
        found = self._told()
        return (
            f"{self.folder} holds {len(found.accounts)} accounts, {len(found.groups)} groups and {len(found.grants)} rights ({self.form})"
        )

    def _told(self) -> Told:
        if not self.folder.is_dir():
            raise SourceError(f"{self.folder} is no folder: save the answers there (docs/sources/exported.md)", permanent=True)
        try:
            return FORMS[self.form](self.folder, self.system)
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"an answer in {self.folder} has another form than {self.form} documents: {error}", permanent=True) from error

    def collect(self, into: Collecting) -> None:
        """Read the folder; raises `SourceError` where an answer has another form."""
        found = self._told()
        for table, rows in (("accounts", found.accounts), ("groups", found.groups), ("grants", list(found.grants.values()))):
            into.rows(table, rows)
            for column in sorted(found.untold.get(table, ())):
                into.unsupported(table, column, f"the saved answers of {self.form} do not tell it")
        for table, why in found.short:
            into.cut_short(table, why)


class ExportedKind:
    """Saved answers of Entra ID, Google Workspace, GitHub or Gitea."""

    name: ClassVar[str] = "exported"
    title: ClassVar[str] = "saved answers of Entra ID, Google Workspace, GitHub or Gitea"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the system's id, as the list of systems names it"),
        Setting("folder", "where the answers lie, as JSON files (docs/sources/exported.md)"),
        Setting("form", f"whose answers they are: {', '.join(FORMS)}"),
    )
    least_rights: ClassVar[str] = "None at the system: whoever saves the answers needs rights to read users, groups, roles and members."
    notice: ClassVar[str] = ""
    tried: ClassVar[str] = "Tried on recorded answers of the shapes that the makers document only, not on the services themselves."

    def connect(self, settings: Mapping[str, str]) -> ExportedSource:
        """Return the source; raises `Misconfigured` for a form that there is not."""
        if settings["form"] not in FORMS:
            raise Misconfigured(f"form is one of {', '.join(FORMS)}, not {settings['form']!r}")
        return ExportedSource(Path(settings["folder"]).expanduser(), settings["form"], settings["system"])


EXPORTED = ExportedKind()
