"""A workspace on PostgreSQL: the commands refuse it, and the way that the documentation tells works on a real server."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.labs import require, start
from tests.upkeep.freeze import LISTS

from upheld.lab.postgres import OWNER, PASSWORD, Postgres

pytestmark = pytest.mark.lab

SERVICES = "[{name}]\nhost=127.0.0.1\nport={port}\nuser={user}\npassword={password}\ndbname={name}\nsslmode=verify-full\nsslrootcert={ca}\n"


class Company:
    """The command and PostgreSQL's own programs, on one workspace and its database."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self.folder = folder
        ca = server.folder / "ca.pem"
        names = ("upheld", "upheld_restored")
        text = "".join(SERVICES.format(name=name, port=server.port, user=OWNER, password=PASSWORD, ca=ca) for name in names)
        (folder / "services.conf").write_text(text)
        self.environment = {**os.environ, "PGSERVICEFILE": str(folder / "services.conf"), "PYTHONPATH": os.pathsep.join(sys.path)}

    def upheld(self, root: Path, service: str, *words: str, status: int = 0) -> str:
        """Run the command on the workspace `root`."""
        environment = {**self.environment, "UPHELD_WORKSPACE": str(root), "UPHELD_DATABASE": service}
        done = subprocess.run([sys.executable, "-m", "upheld", *words], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def shell(self, line: str) -> None:
        """Run `line`, as an administrator would."""
        done = subprocess.run(["sh", "-ec", line], env=self.environment, capture_output=True, text=True, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr


def test_database_and_files_come_back_together_the_way_the_documentation_tells(tmp_path: Path) -> None:
    require("pg_dump", "pg_restore")
    with start(Postgres) as server:
        server.run("CREATE DATABASE upheld", "CREATE DATABASE upheld_restored")
        company, root, back = Company(server, tmp_path), tmp_path / "acme", tmp_path / "restored" / "acme"
        company.upheld(root, "upheld", "init", "--origin", "acme.example/ledger/main/1")
        for name, text in LISTS.items():
            (tmp_path / f"{name}.csv").write_text(text)
            company.upheld(root, "upheld", "source", "add", name, "list", f"table={name}", f"file={tmp_path / name}.csv")
        company.upheld(root, "upheld", "run")
        before = json.loads(company.upheld(root, "upheld", "show", "--json"))
        dump = "pg_dump --format=custom --file=upheld.dump --dbname=service=upheld && tar cf files.tar acme"
        company.shell(f"flock {root}/run.lock sh -ec {shlex.quote(dump)}")
        company.shell("pg_restore --exit-on-error --no-owner --dbname=service=upheld_restored upheld.dump")
        company.shell("mkdir restored && tar xf files.tar -C restored && ln -s ../acme.keys restored/acme.keys")
        company.upheld(back, "upheld_restored", "doctor")
        assert json.loads(company.upheld(back, "upheld_restored", "show", "--json")) == before
        company.upheld(back, "upheld_restored", "ledger", "verify")
        for words in (("backup", str(tmp_path / "one.tar")), ("restore", str(tmp_path / "files.tar")), ("upgrade",)):
            assert "on PostgreSQL" in company.upheld(back, "upheld_restored", *words, status=2)
