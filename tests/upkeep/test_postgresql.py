"""A workspace on PostgreSQL: the commands refuse it, and the way that the documentation tells works on a real server."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.labs import require, start
from tests.upkeep.freeze import LISTS
from tests.upkeep.given import COMMANDS

from upheld.lab.postgres import OWNER, PASSWORD, Postgres

pytestmark = pytest.mark.lab

SERVICES = "[{name}]\nhost=127.0.0.1\nport={port}\nuser={user}\npassword={password}\ndbname={name}\nsslmode=verify-full\nsslrootcert={ca}\n"

# A bit of an entry, changed past its guards; once more, and it is as it was.
FLIP = (
    "ALTER TABLE ledger_entry DISABLE TRIGGER USER; UPDATE ledger_entry SET data = set_byte(data, 50, get_byte(data, 50) # 1) "
    "WHERE position = 1; ALTER TABLE ledger_entry ENABLE TRIGGER USER"
)


class Company:
    """The command and PostgreSQL's own programs, on one workspace and its database."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self.server, self.folder = server, folder
        ca = server.folder / "ca.pem"
        names = ("upheld", "upheld_restored")
        text = "".join(SERVICES.format(name=name, port=server.port, user=OWNER, password=PASSWORD, ca=ca) for name in names)
        (folder / "services.conf").write_text(text)
        self.environment = {**os.environ, "PGSERVICEFILE": str(folder / "services.conf"), "PYTHONPATH": os.pathsep.join(sys.path)}

    def upheld(self, root: Path, service: str, *commands: list[str]) -> list[tuple[int, str, str]]:
        """Run `commands` on the workspace `root`, one after the other; return status, output and error of each."""
        environment = {**self.environment, "UPHELD_WORKSPACE": str(root), "UPHELD_DATABASE": service}
        asked = [sys.executable, "-c", COMMANDS, json.dumps(commands)]
        done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [(status, out, err) for status, out, err in json.loads(done.stdout)]

    def older(self, root: Path, service: str) -> None:
        """Leave the tables of the workspace `root` as a release before this one did."""
        environment = {**self.environment, "UPHELD_WORKSPACE": str(root), "UPHELD_DATABASE": service}
        back = [sys.executable, "-m", "django", "migrate", "--settings", "upheld.settings", "ledger", "0004"]
        subprocess.run(back, env=environment, capture_output=True, check=True)

    def killed_in_the_middle(self, root: Path, service: str) -> str:
        """Upgrade the workspace `root`, and kill -9 that while it verifies what it changed; return what its connection was doing then.

        It is held there by a lock on a table that it verifies and does not change.
        """
        environment = {**self.environment, "UPHELD_WORKSPACE": str(root), "UPHELD_DATABASE": service}
        asked = [sys.executable, "-c", COMMANDS, json.dumps([["upgrade", "--backed-up"]])]
        place = f"host=127.0.0.1 port={self.server.port} user={OWNER} password={PASSWORD} dbname={service}"
        with psycopg.connect(place) as held, psycopg.connect(place, autocommit=True) as looking:
            held.execute("LOCK TABLE sources_collectedtable IN ACCESS EXCLUSIVE MODE")
            upgrade = subprocess.Popen(asked, env=environment, stdout=subprocess.DEVNULL)
            waits = "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            while (waiting := looking.execute(waits).fetchone()) is None:
                assert upgrade.poll() is None, "it ended before it came to the lock"
            upgrade.kill()
            upgrade.wait()
            held.rollback()
            while looking.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone() != (2,):
                pass
        return str(waiting[0])

    def shell(self, line: str) -> None:
        """Run `line`, as an administrator would."""
        done = subprocess.run(["sh", "-ec", line], env=self.environment, capture_output=True, text=True, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr


def test_database_and_files_come_back_together_the_way_the_documentation_tells(tmp_path: Path) -> None:
    require("pg_dump", "pg_restore")
    with start(Postgres) as server:
        server.run("CREATE DATABASE upheld", "CREATE DATABASE upheld_restored")
        company, root, back = Company(server, tmp_path), tmp_path / "acme", tmp_path / "restored" / "acme"
        (tmp_path / "accounts.csv").write_text(LISTS["accounts"])
        *done, shown = company.upheld(
            root, "upheld", ["init", "--origin", "acme.example/ledger/main/1"],
            ["source", "add", "accounts", "list", "table=accounts", f"file={tmp_path}/accounts.csv"], ["run"], ["show", "--json"],
        )  # fmt: skip
        assert [status for status, _, _ in done] == [0, 0, 0], done
        dump = "pg_dump --format=custom --file=upheld.dump --dbname=service=upheld && tar cf files.tar acme"
        company.shell(f"flock {root}/run.lock sh -ec {shlex.quote(dump)}")
        company.shell("pg_restore --exit-on-error --no-owner --dbname=service=upheld_restored upheld.dump")
        company.shell("mkdir restored && tar xf files.tar -C restored && ln -s ../acme.keys restored/acme.keys")
        same, verified, looked, *refused = company.upheld(
            back, "upheld_restored", ["show", "--json"], ["ledger", "verify"], ["doctor"], ["backup", str(tmp_path / "one.tar")],
            ["restore", str(tmp_path / "files.tar")], ["restore", "--check", str(tmp_path / "files.tar")], ["upgrade"],
        )  # fmt: skip
        assert same == shown
        assert (verified[0], looked[0]) == (0, 0), (verified, looked)
        assert ["on PostgreSQL" in err for _, _, err in refused] == [True] * 4
        # A new release: the tables are taken back by one change, as an older one left them.
        company.older(back, "upheld_restored")
        due, unsure = company.upheld(back, "upheld_restored", ["show"], ["upgrade"])
        assert (due[0], "Upgrade it" in due[2], unsure[0], "upheld upgrade --backed-up" in unsure[2]) == (2, True, 2, True), (due, unsure)
        company.shell(f"psql --dbname=service=upheld_restored --quiet -c {shlex.quote(FLIP)}")
        unsound, still = company.upheld(back, "upheld_restored", ["upgrade", "--backed-up"], ["show"])
        assert (unsound[0], "nothing was changed" in unsound[2], still) == (1, True, due), unsound
        company.shell(f"psql --dbname=service=upheld_restored --quiet -c {shlex.quote(FLIP)}")
        assert "sources_collectedtable" in company.killed_in_the_middle(back, "upheld_restored")
        assert company.upheld(back, "upheld_restored", ["show"]) == [due]
        done, again, shown_still, verified = company.upheld(
            back, "upheld_restored", ["upgrade", "--backed-up", "--json"], ["upgrade", "--backed-up"], ["show", "--json"],
            ["ledger", "verify"],
        )  # fmt: skip
        assert done[0] == 0, done
        assert (json.loads(done[1])["changes"], again[0], "already" in again[1]) == (1, 0, True), again
        assert (shown_still, verified[0]) == (shown, 0)
