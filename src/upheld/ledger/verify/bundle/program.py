"""`upheld-verify.pyz`: this verifier as one file that any Python from 3.11 on runs. The same sources give the same bytes.

`python -m upheld.ledger.verify.bundle.program FILE` writes it and prints its SHA-256.
"""

import ast
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

NAME = "upheld-verify.pyz"
START = b"#!/usr/bin/env python3\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROOT = Path(__file__).parents[3]
_BEGIN = _ROOT / "ledger" / "verify" / "__main__.py"
_NEEDS = (3, 11)  # tomllib, datetime.UTC
# In the words of Python 2: an old Python must be able to read it to its end, and to say that it is too old.
_MAIN = f'''"""Starts the verifier."""

import sys

if sys.version_info < {_NEEDS}:
    sys.stderr.write("error: upheld-verify needs Python {".".join(map(str, _NEEDS))} or newer, and this is %d.%d\\n" % sys.version_info[:2])
    sys.exit(2)

from upheld.ledger.verify.__main__ import main

sys.exit(main())
'''


def build() -> bytes:
    """Return the program."""
    packed = io.BytesIO(START)
    packed.seek(0, io.SEEK_END)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_STORED) as archive:
        for name, text in sorted(_files()):
            about = zipfile.ZipInfo(name, _EPOCH)
            about.create_system, about.external_attr = 3, 0o100644 << 16
            archive.writestr(about, text)
    return packed.getvalue()


def digest(program: bytes) -> str:
    """Return the SHA-256 of `program`, in hex: what an auditor compares."""
    return hashlib.sha256(program).hexdigest()


def write(path: Path) -> str:
    """Write the program to `path`, over an older one if need be, and return its SHA-256. Raises `FileExistsError` for any other file."""
    made = build()
    if path.exists() and not path.read_bytes().startswith(START + b"PK"):
        raise FileExistsError(f"{path} is another file than this program: choose another name")
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(made)
    draft.chmod(0o755)
    draft.replace(path)
    return digest(made)


def _files() -> Iterator[tuple[str, str]]:
    yield "__main__.py", _MAIN
    yield "upheld/__init__.py", '"""Of Upheld, only the verifier."""\n'
    for path in sorted(_imported(_BEGIN)):
        yield f"upheld/{path.relative_to(_ROOT).as_posix()}", path.read_text(encoding="utf-8")


def _imported(first: Path) -> set[Path]:
    """Return `first` and all files of ours that it imports, directly or not, with the folders' own."""
    found: set[Path] = set()
    queue = [first]
    while queue:
        path = queue.pop()
        if path in found:
            continue
        found.add(path)
        queue += [above for folder in path.relative_to(_ROOT).parents[:-1] if (above := _ROOT / folder / "__init__.py").is_file()]
        queue += _imports(path)
    return found


def _imports(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == _ROOT.name:
            place = _ROOT.joinpath(*node.module.split(".")[1:])
            for file in (place.with_suffix(".py"), *(place / f"{name.name}.py" for name in node.names)):
                if file.is_file():
                    yield file


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the program where the command line says, and print its SHA-256."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print(f"usage: python -m upheld.ledger.verify.bundle.program {NAME}", file=sys.stderr)  # noqa: T201
        return 2
    print(write(Path(given[0])))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
