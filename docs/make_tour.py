"""Write docs/tour.md: each folder and file of the source in one line, from its docstring. `python docs/make_tour.py`."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent / "src" / "upheld"
HEAD = """# A tour

Made from the docstrings by `python docs/make_tour.py`; a test fails when it is out of date.
Facts come in at the left and proofs leave at the right: sources -> evidence -> checks -> verdicts -> web; the ledger keeps all of it.
"""


def sentence(path: Path) -> str:
    """Return the first line of the docstring of the Python file at `path`; empty when it has none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else ""
    return (docstring or "").partition("\n")[0]


def tour() -> str:
    """Return the page."""
    lines = [HEAD]
    for folder in [ROOT, *sorted(each for each in ROOT.rglob("*") if (each / "__init__.py").is_file())]:
        if "migrations" in folder.parts:
            continue
        name = "upheld" if folder == ROOT else str(folder.relative_to(ROOT))
        lines.append(f"\n## {name}\n\n{sentence(folder / '__init__.py')}\n")
        files = [each for each in sorted(folder.glob("*.py")) if each.name != "__init__.py"]
        lines += [f"- `{each.name}` - {sentence(each)}" for each in files]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    (ROOT.parent.parent / "docs" / "tour.md").write_text(tour(), encoding="utf-8")
