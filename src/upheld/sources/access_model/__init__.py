"""The access model: one TOML file that says what each role gives, who may grant, what nobody may hold together, and what was approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.access_model import get
from upheld.sources.access_model.shape import SECTIONS, shaped
from upheld.sources.ageing import MAX_AGE, limit, outdated
from upheld.sources.source import Setting


@dataclass(frozen=True)
class AccessModelSource:
    """One access model in one file."""

    path: Path
    max_age: timedelta | None = None

    def test(self) -> str:
        """Return how much the model says; raises `SourceError`."""
        model = get.model(self.path)
        counts = ", ".join(f"{len(shaped(model, name).rows)} {name.replace('_', ' ')}" for name in SECTIONS)
        return f"{self.path.name} says: {counts}"

    def collect(self, into: Collecting) -> None:
        """Read the model into its tables. An entry that is wrong is named by line and cuts its table short; raises `SourceError`."""
        model = get.model(self.path)
        old = outdated(model.changed, into.seen_at, self.max_age)
        for name, section in SECTIONS.items():
            found = shaped(model, name)
            into.rows(name, found.rows)
            for error in found.errors:
                into.cut_short(name, f"{self.path.name}, {error}")
            if old:
                into.cut_short(name, f"{self.path.name}: {old}")
            if section not in model.said:
                into.note(f"{self.path.name} has no section {section}: taken as none")


class AccessModelKind:
    """The access model as a file kept in Git."""

    name: ClassVar[str] = "access_model"
    title: ClassVar[str] = "Access model (TOML)"
    tables: ClassVar[Sequence[str]] = tuple(SECTIONS)
    settings: ClassVar[Sequence[Setting]] = (Setting("file", "path of the TOML file"), MAX_AGE)
    least_rights: ClassVar[str] = "Read on the file; nothing is ever written to it."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> AccessModelSource:
        """Return the access model that `settings` names."""
        return AccessModelSource(Path(settings["file"]).expanduser(), limit(settings["max_age"]))


ACCESS_MODEL = AccessModelKind()
