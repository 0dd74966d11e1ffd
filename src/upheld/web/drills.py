"""Which measures can be broken on purpose, to show that it is caught."""

from pathlib import Path

from upheld import drills

HERE = Path(drills.__file__).parent


def breaks(measure_id: str) -> str | None:
    """Return the sentence that the drill of a measure begins with, or None where it has no drill.

    Only looked up, not loaded: drills bring the lab's services along, which pages have no use for.
    """
    file = HERE / f"{measure_id}.py"
    if not file.is_file():
        return None
    first = file.read_text(encoding="utf-8").split('"""')[1:2]
    return " ".join(first[0].split()) if first else ""
