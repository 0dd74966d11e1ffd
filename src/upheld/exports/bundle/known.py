"""The measures there are, read only when they are asked for: a bundle on one promise needs one or two of them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.measure import Measure, read
from upheld.workspace import Workspace


class Known(Mapping[str, Measure]):
    """Shipped measures and the workspace's own, by id. One whose file is wrong is not among them."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._read: dict[str, Measure | None] = {}

    def __getitem__(self, name: str) -> Measure:
        if name not in self._read:
            self._read[name] = self._load(name)
        found = self._read[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._paths if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def names(self) -> list[str]:
        """The ids of all files there are, right or wrong, in order."""
        return list(self._paths)

    def path(self, name: str) -> Path:
        """Return the file of the measure `name`."""
        return self._paths[name]

    @cached_property
    def _paths(self) -> dict[str, Path]:
        folders = (self._space.measures, library.SHIPPED)  # a shipped measure is not replaced by one of the same name
        return dict(sorted((f"{path.parent.name}/{path.stem}", path) for folder in folders for path in folder.glob("*/*.sql")))

    def _load(self, name: str) -> Measure | None:
        path = self._paths.get(name)
        try:
            return None if path is None else read(path, shipped=path.is_relative_to(library.SHIPPED))
        except MeasureError:
            return None
