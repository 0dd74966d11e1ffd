"""What tests of backups give: a company, what it says of itself, and backups put together by hand."""

import io
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from django.db import connection
from tests.upkeep.freeze import DOCUMENT, LISTS, MENDED, PARAMETERS

from upheld import clock
from upheld.ledger import reading, sequencer, store
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.upkeep import archive
from upheld.upkeep.archive import Opened
from upheld.upkeep.manifest import Manifest, Member
from upheld.upkeep.stage import is_stage
from upheld.verdicts.checking import check
from upheld.verdicts.standing import documents
from upheld.workspace import Workspace

ORIGIN = "company.example/ledger/main/1"
MARKER = "a note that only the workspace holds"
# Several commands in one process, since starting one costs a second; each ends as the command line ends it.
COMMANDS = """
import contextlib, io, json, sys
from upheld.cli.main import main
told = []
for words in json.loads(sys.argv[1]):
    out, err, sys.argv = io.StringIO(), io.StringIO(), ["upheld", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            told.append([ended.code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


def filled(space: Workspace) -> None:
    """Read and judge a company's lists twice, in the current workspace `space`."""
    sequencer.init(ORIGIN)
    lists = space.root.parent / "lists"
    lists.mkdir()
    for name, text in LISTS.items():
        (lists / f"{name}.csv").write_text(text, encoding="utf-8")
        configured.add(name, "list", {"table": name, "file": str(lists / f"{name}.csv")})
    for source in configured.in_use():
        collect(source)
    for name, text in MENDED.items():
        (lists / f"{name}.csv").write_text(text, encoding="utf-8")
    (space.documents / "own.toml").write_text(DOCUMENT, encoding="utf-8")
    (space.measures / "notes.txt").write_text(MARKER, encoding="utf-8")
    space.parameters.write_text(PARAMETERS, encoding="utf-8")
    run()


def run() -> None:
    """Collect and check in the current workspace."""
    for source in configured.in_use():
        collect(source)
    check(clock.now())
    sequencer.sequence()


def said() -> tuple[object, int, bytes, bool]:
    """What the current workspace says: how its documents stand, and its ledger's size, root and whether all of it holds."""
    log = store.current()
    assert log is not None
    standing = json.loads(json.dumps([document.as_json() for document in documents()], default=str))
    size = log.size()
    return standing, size, log.root(size), reading.verify(log, sequencer.verification_key(log)).holds


def content(space: Workspace) -> dict[str, object]:
    """Everything that lies in `space`: the rows of its database but those that wait for the ledger, and the digest of each file."""
    connection.close()
    waiting = ('INSERT INTO "ledger_outbox"', 'INSERT INTO "ledger_emitter"', 'INSERT INTO "sqlite_sequence"')
    with closing(sqlite3.connect(space.database)) as database:
        lines = sorted(line for line in database.iterdump() if not line.startswith(waiting))
        rows = sha256("\n".join(lines).encode()).hexdigest()
    passing = {"run.lock", space.database.name, f"{space.database.name}-wal", f"{space.database.name}-shm"}
    found = (path for path in space.root.rglob("*") if path.is_file() and path.name not in passing)
    files = [path for path in found if not is_stage(path.relative_to(space.root).parts[0])]
    return {"rows": rows} | {path.relative_to(space.root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def beside(space: Workspace) -> list[str]:
    """The names of what lies beside the workspace and in it, stages among them."""
    return sorted(path.name for path in (*space.root.parent.iterdir(), *space.root.glob(".*")))


def packed(files: dict[str, bytes], *, signature: bytes = b"not signed\n", **changed: object) -> bytes:
    """A backup of `files`, put together by hand; `changed` members of its manifest."""
    members = [Member(name, len(data), sha256(data).hexdigest()) for name, data in files.items()]
    fields: dict[str, object] = {
        "backup": "0", "content": "workspace", "product": "0", "taken_at": "2026-05-04T12:00:00+00:00",
        "migrations": {}, "checkpoint": None, "files": members,
    }  # fmt: skip
    manifest = Manifest(**{**fields, **changed})  # type: ignore[arg-type]
    into = io.BytesIO()
    archive.write(into, manifest, signature, _Files(files), lambda *_: None)  # type: ignore[arg-type]
    return into.getvalue()


class _Files:
    """Files in memory, found as below a folder."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def __truediv__(self, name: str) -> "_File":
        return _File(self.files[name])


class _File:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def open(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def unpacked(data: bytes, to: Path) -> Manifest:
    """Read the backup `data` and write its files below `to`."""
    opened = Opened(io.BytesIO(data))
    opened.unpack(to, lambda *_: None)
    return opened.manifest


def repacked(path: Path, edit: dict[str, bytes], scratch: Path) -> bytes:
    """The backup in `path` with the files of `edit` in the place of its own, all digests put right, and its old signature."""
    opened = Opened(io.BytesIO(path.read_bytes()))
    opened.unpack(scratch, lambda *_: None)
    old = opened.manifest
    files = {member.path: edit.get(member.path, (scratch / member.path).read_bytes()) for member in old.files}
    changed = {name: getattr(old, name) for name in ("backup", "product", "taken_at", "migrations", "checkpoint", "left_out", "wrong")}
    return packed(files, signature=opened.signature, **changed)
