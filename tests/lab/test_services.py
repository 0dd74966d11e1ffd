"""Services of the lab: ours, reachable on loopback only, and gone afterwards."""

import os
import socket

import pytest
from tests.labs import start

from upheld.lab.postgres import PASSWORD, Postgres
from upheld.lab.samba import SambaAD
from upheld.lab.scratch import Scratch
from upheld.lab.service import Service
from upheld.lab.slapd import READER, READER_PASSWORD, Slapd


@pytest.mark.lab
@pytest.mark.parametrize("service", [Slapd, Postgres, SambaAD])
def test_a_service_is_ours_on_loopback_and_leaves_nothing_behind(service: type[Service]) -> None:
    with start(service) as running:
        folder, pid, port = running.folder, running.pid, running.port
        os.kill(pid, 0)
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.lab
def test_slapd_keeps_its_entries_over_a_restart() -> None:
    with start(Slapd) as slapd:
        dn = slapd.add_person("ada", password="correct-horse-7-battery")
        slapd.restart()
        assert slapd.sign_in(dn, "correct-horse-7-battery")
        slapd.put_offline(dn, {"pwdLastSuccess": "20260101000000Z"})
        assert slapd.sign_in(READER, READER_PASSWORD)


@pytest.mark.lab
def test_postgres_keeps_its_roles_over_a_restart() -> None:
    with start(Postgres) as postgres:
        postgres.run("CREATE ROLE ada LOGIN PASSWORD 'correct-horse-7'")
        postgres.stop()
        postgres.start()
        assert postgres.sign_in("ada", "correct-horse-7")
        assert not postgres.sign_in("ada", PASSWORD)


def test_a_scratch_folder_takes_only_its_own_files() -> None:
    with Scratch() as scratch:
        path = scratch.write("people.csv", "id\n")
        assert path.read_text() == "id\n"
        with pytest.raises(ValueError, match="not a file of the scratch folder"):
            scratch.write("../elsewhere.csv", "id\n")
    assert not path.exists()
