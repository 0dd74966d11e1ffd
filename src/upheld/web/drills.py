"""Which measures can be broken on purpose, to show that it is caught."""

import ast

from upheld.drills.catalogue import HERE, drilled


def breaks(measure_id: str) -> str | None:
    """Return the sentence that says what the drill of a measure does, or None where it has no drill.

    It is read, not imported: drills bring the lab's services along, which pages have no use for.
    """
    if measure_id not in drilled():
        return None
    said = ast.get_docstring(ast.parse((HERE / f"{measure_id}.py").read_text(encoding="utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())
