"""The measures to judge: the shipped ones and the workspace's own, of which a wrong one does not stop the others."""

from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.measure import Measure, read
from upheld.documents import catalogue
from upheld.documents.catalogue import Known
from upheld.workspace import Workspace


def measures_of(space: Workspace) -> tuple[dict[str, Measure], dict[str, str]]:
    """Return every measure that can be read, by id, and for each own file that cannot, by its id, the sentence that says why."""
    found, wrong = library.shipped(), {}
    for path in sorted(space.measures.glob("*/*.sql")):
        name = f"{path.parent.name}/{path.stem}"
        if name in found:
            wrong[f"own/{path.parent.name}-{path.stem}"] = f"{path}: {name} is a shipped measure; give yours another name"
            continue
        try:
            found[name] = read(path)
        except MeasureError as error:
            wrong[name] = str(error)
    return dict(sorted(found.items())), wrong


def known_of(space: Workspace) -> dict[str, Known]:
    """Return every measure that there is, by id, as `catalogue.known` does; one of the workspace's own whose file is wrong is there too."""
    found, wrong = measures_of(space)
    own = {each.id: Known(each.id, each.title, each.promise, each.clauses, owner=each.owner, kind=each.kind) for each in found.values()}
    unreadable = {name: Known(name, name, "its file cannot be read", ()) for name in wrong}
    return catalogue.known() | own | unreadable
