"""Writing a bundle out, as a zip file or as a folder: the same members give the same bytes."""

import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o100600 << 16
_LEVEL = 9


def write(members: Mapping[str, bytes], path: Path) -> int:
    """Write `members` to `path`, which must not exist: a zip file where its name ends in .zip, else a folder. Return its bytes.

    Only its owner can read it. It has its name only once it is whole. Raises `FileExistsError`.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already: a bundle never overwrites")
    draft = path.with_name(path.name + ".part")
    _remove(draft)
    try:
        size = _zip(members, draft) if path.suffix == ".zip" else _folder(members, draft)
        draft.rename(path)
    except BaseException:
        _remove(draft)
        raise
    return size


def _zip(members: Mapping[str, bytes], path: Path) -> int:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for name in sorted(members):
                about = zipfile.ZipInfo(name, _EPOCH)
                about.create_system, about.external_attr = _UNIX, _PLAIN_FILE
                archive.writestr(about, members[name], zipfile.ZIP_DEFLATED, _LEVEL)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _folder(members: Mapping[str, bytes], path: Path) -> int:
    path.mkdir(mode=0o700)
    for name in sorted(members):
        (path / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (path / name).write_bytes(members[name])
    return sum(map(len, members.values()))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
