"""A wrong file is told by its own sentence, and what does not need it goes on."""

import ast
import errno
import os
import re
import sqlite3
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.db import OperationalError
from tests.web.conftest import PAGE

import upheld
from upheld.checks.front import MeasureError
from upheld.checks.verdict import Outcome, State
from upheld.sources.source import Misconfigured, SourceError
from upheld.web.trouble import SAYS_ITSELF, trouble

DATABASE = Path("/ws/upheld.sqlite3")


def text(answer) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def told(answer, file: Path) -> str:
    page = text(answer)
    assert answer.status_code == 500
    assert "This cannot be shown" in page and str(file) in page and "upheld doctor" in page
    assert "product is at fault" not in page
    return page


def test_a_document_that_is_not_toml_is_named(ledger, browser):
    file = ledger.documents / "bad.toml"
    file.write_text("[x")
    assert "not TOML" in told(browser.get("/documents/"), file)
    for path in ("/evidence/", "/evidence/tables/accounts/", "/ledger/", "/health"):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("wrong", [b"\xff", b"[x", b"[access]\nnobody = 3\n"])
def test_parameters_that_cannot_be_read_leave_every_page_and_are_told_on_the_measures_own(judged, ledger, browser, wrong):
    judged(State.BROKEN, Outcome("crm/1", "Ada", False, "left"))
    ledger.parameters.write_bytes(wrong)
    for path in ("/", "/documents/iso/", "/measures/", "/evidence/", "/ledger/"):
        assert browser.get(path).status_code == 200
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    assert str(ledger.parameters) in text(answer) and "Ada" in text(answer)


def test_a_database_that_is_none_is_named(ledger, browser):
    from django.db import connection

    connection.close()
    ledger.database.write_bytes(b"not a database, by far" * 99)
    assert "restore it from a backup" in told(browser.get("/"), ledger.database)


def test_what_a_wrong_file_says_stays_text(ledger, browser):
    (ledger.documents / "bad.toml").write_text('"<script>\\u202e" = 1\nid = "x"')
    page = browser.get("/").content.decode()
    assert "<script" not in page and "\u202e" not in page


def test_every_error_that_says_itself_exists():
    root = Path(upheld.__file__).parent
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in root.rglob("*.py") if path.name != "trouble.py"]
    assert {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)} >= SAYS_ITSELF


def test_the_directory_that_keeps_a_file_away_is_named(tmp_path):
    said = []
    for mode in (0o500, 0o000):
        keys = tmp_path / "ws.keys" / "ledger"
        keys.mkdir(parents=True, exist_ok=True)
        keys.parent.chmod(mode)
        program = (
            "import sys; from pathlib import Path; from upheld.web.trouble import of_file\n"
            "try: Path(sys.argv[1]).write_text('x')\nexcept OSError as error: print(of_file(error))"
        )
        as_nobody_special = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*as_nobody_special, sys.executable, "-c", program, keys.parent / "django.secret"], capture_output=True, text=True
        )
        keys.parent.chmod(0o700)
        said.append(done.stdout)
    file = keys.parent / "django.secret"
    assert said == [
        f"{keys.parent}: this user may not {what}, so {file} is out of reach; let this user read, write and enter it\n"
        for what in ("write into it", "enter it")
    ]


def test_who_can_act_is_told_apart():
    assert trouble(SourceError("ldap did not answer", permanent=False), DATABASE).source
    assert not trouble(Misconfigured("no setting"), DATABASE).source
    assert trouble(MeasureError("a.sql", 3, "it is wrong", "correct it"), DATABASE).said == "a.sql:3: it is wrong; correct it"
    assert trouble(ZeroDivisionError("division by zero"), DATABASE) is None
    assert trouble(ValueError("odd"), DATABASE) is None


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/ws/x"), ("/ws/x: no space left on device", "free space on that disk")),
        (PermissionError(errno.EACCES, "Permission denied", "/ws/x"), ("/ws/x: permission denied", "let this user")),
        (OSError(errno.EROFS, "Read-only file system", "/ws/x"), ("/ws/x", "make it writable")),
        (OSError(errno.ENOENT, "No such file", "/a", None, "/b"), ("/a and /b: ",)),
        (OperationalError("disk I/O error"), (str(DATABASE), "see that the disk is well")),
        (sqlite3.OperationalError("database or disk is full"), (str(DATABASE), "free space")),
        (OperationalError("unable to open database file"), (str(DATABASE), "let this user")),
        (OperationalError("attempt to write a readonly database"), (str(DATABASE), "writable")),
        (sqlite3.DatabaseError("database disk image is malformed"), (str(DATABASE), "restore it from a backup")),
    ],
)
def test_files_and_the_database_are_named_with_what_to_do(error, parts):
    said = trouble(error, DATABASE).said
    assert all(part in said for part in parts), said
