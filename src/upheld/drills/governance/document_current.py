"""Changes a promise of a published document, in a real workspace of the lab, and does not publish it again."""

import json
import subprocess
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from upheld.documents.document import SHIPPED
from upheld.documents.source import DOCUMENTS
from upheld.drills.drill import Drill, Scene
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Kind, table
from upheld.lab.scratch import Scratch
from upheld.sources.source import SourceError

SENTENCE, ANOTHER = "Every project, of whatever kind,", "Every large project"


class Elsewhere:
    """The documents of another workspace, read by the command in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str) -> str:
        """Run `upheld` on the workspace and return what it prints; raises `SourceError` when it fails."""
        answer = subprocess.run(
            [sys.executable, "-m", "upheld", "--workspace", str(self.root), *words], capture_output=True, text=True, check=False, timeout=60
        )
        if answer.returncode != 0:
            raise SourceError(f"upheld {' '.join(words)} ended with {answer.returncode}: {answer.stderr.strip()}", permanent=True)
        return answer.stdout

    def test(self) -> str:
        """Return what the workspace says."""
        return self.run("source", "test", "documents")

    def collect(self, into: Collecting) -> None:
        """Bring the rows that the workspace's own source brings."""
        for name, seen in json.loads(self.run("source", "preview", "documents", "--limit", "0", "--json")).items():
            into.rows(name, [{column: _typed(name, column, value) for column, value in row.items()} for row in seen["rows"]])


def _typed(name: str, column: str, value: Any) -> Any:
    is_instant = table(name).columns[column].kind is Kind.TIMESTAMP
    return datetime.fromisoformat(value) if is_instant and value is not None else value


class ChangedInSilence(Drill):
    """A workspace of the lab with a document of its own, approved, published and reviewed."""

    measure = "governance/document_current"
    breaks = "A promise of the published document is changed, and the document is not published again"

    def open(self, stack: ExitStack) -> Scene:
        """Make the workspace and publish in it."""
        scratch = stack.enter_context(Scratch())
        self.there = Elsewhere(scratch.folder / "workspace")
        self.there.run("init", "--origin", "lab.example/ledger/drill/1")
        self.there.run("source", "add", "documents", "documents")
        self.file = self.there.root / "documents" / "iso.toml"
        self.file.write_text((SHIPPED / "iso.toml").read_text(encoding="utf-8"), encoding="utf-8")
        for step in ("approved", "published", "reviewed"):
            self.there.run("document", "record", "iso", step, "--by", "1001")
        return Scene([("documents", DOCUMENTS.tables, self.there)])

    def sabotage(self) -> str:
        """Change a sentence in the file."""
        self.file.write_text(self.file.read_text(encoding="utf-8").replace(SENTENCE, ANOTHER), encoding="utf-8")
        return "Technical and organisational measures"

    def heal(self) -> None:
        """Approve and publish the text as it now stands."""
        for step in ("approved", "published", "reviewed"):
            self.there.run("document", "record", "iso", step, "--by", "1001")


DRILL = ChangedInSilence()
