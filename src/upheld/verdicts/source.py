"""How promises stood when they were last judged, as a source: what requirements of law and contracts rest on."""

from collections.abc import Mapping
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.registers.compliance.models import LegalRequirement
from upheld.sources import configured
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Setting, Source, names
from upheld.verdicts import standing

NAME = "verdicts"


class VerdictsSource:
    """The verdicts of the current workspace."""

    def test(self) -> str:
        """Return a sentence about what is read."""
        return "how every promise of this workspace stood when it was last judged"

    def collect(self, into: Collecting) -> None:
        """Bring a row for each promise. A promise none of whose measures was ever judged has no state."""
        into.rows(
            "promise_verdicts",
            (
                {
                    "id": each.promise.id,
                    "document_id": document.document.id,
                    "state": each.state.value if judged else None,
                    "judged_at": max(judged, default=None),
                }
                for document in standing.documents()
                for each in document.promises
                for judged in [[one.verdict.judged_until_at for one in each.measures if one.verdict is not None]]
            ),
        )


class VerdictsKind:
    """The kind "verdicts"."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "how the promises of this workspace stood when they were last judged"
    tables: ClassVar[tuple[str, ...]] = ("promise_verdicts",)
    settings: ClassVar[tuple[Setting, ...]] = ()
    least_rights: ClassVar[str] = "none beyond the workspace"
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source; contacts nothing."""
        return VerdictsSource()


def ensure_in_use() -> None:
    """Put the verdicts into use as a source, once there is a requirement that rests on them and nobody decided about it yet."""
    if NAME in names() and LegalRequirement.objects.exists() and not ConfiguredSource.objects.filter(kind=NAME).exists():
        configured.add(NAME, NAME, {})


VERDICTS = VerdictsKind()
