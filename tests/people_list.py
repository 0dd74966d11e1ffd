"""A list of people, read as the product reads one, so that registers know who works here."""

from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.workspace import Workspace


def people(space: Workspace, *lines: str) -> None:
    """Read a list of people: a line each, as in "P-ada,Ada Able,ada@example.org"."""
    path = space.root / "people.csv"
    path.write_text("id,name,mail\n" + "\n".join(lines) + "\n")
    collect(configured.add("hr", "people", {"file": str(path)}))
