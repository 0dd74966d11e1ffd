"""A folder of the lab's own: lists and models that a drill may spoil, since nobody else's are in it."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


class Scratch:
    """A folder made by `with`, and removed at its end."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder; exists within the block."""
        assert self._folder is not None, "the scratch folder has not been made"
        return self._folder

    @property
    def made(self) -> bool:
        """Whether the folder is there."""
        return self._folder is not None

    def write(self, name: str, text: str) -> Path:
        """Write `text` to the file called `name`, and return its path; raises `ValueError` for a name that leads out of the folder."""
        path = (self.folder / name).resolve()
        if path.parent != self.folder.resolve():
            raise ValueError(f"{name!r} is not a file of the scratch folder")
        path.write_text(text, encoding="utf-8")
        return path

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="upheld-lab-scratch-"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._folder = None
