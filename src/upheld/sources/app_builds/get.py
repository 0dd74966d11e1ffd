"""Reads the packages of mobile apps in a folder: only what is needed of each, and no more than fits."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 512 * 1024 * 1024  # of one file within a package
MOST_FILES = 100_000


class NotAPackage(Exception):
    """A file is no package that can be read."""


@dataclass
class Package:
    """The files of a package that tell where it sends: its manifests, small XML files, and code."""

    name: str
    digest: str
    files: dict[str, bytes] = field(default_factory=dict)


def packages(folder: Path) -> Iterator[Path]:
    """Yield the packages directly in `folder`, in order."""
    yield from sorted(path for path in folder.iterdir() if path.suffix.lower() in {".apk", ".ipa"} and path.is_file())


def read(path: Path) -> Package:
    """Return what matters of the package at `path`; raises `NotAPackage`."""
    with path.open("rb") as file:
        package = Package(path.name, hashlib.file_digest(file, "sha256").hexdigest())
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
            if len(inside) > MOST_FILES or any(each.file_size > LARGEST for each in inside):
                raise NotAPackage(f"{path.name} is larger than a package should be")
            for each in inside:
                if _tells(each.filename):
                    package.files[each.filename] = archive.read(each)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise NotAPackage(f"{path.name} is no package that can be read: {error}") from error
    return package


def _tells(name: str) -> bool:
    if name.startswith("Payload/"):
        parts = name.split("/")
        return len(parts) == 3 and (parts[2] == "Info.plist" or parts[2] == parts[1].removesuffix(".app"))
    return name == "AndroidManifest.xml" or name.endswith((".dex", ".so", ".js")) or (name.startswith("res/") and name.endswith(".xml"))
