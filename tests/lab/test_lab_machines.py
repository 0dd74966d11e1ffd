"""What the lab starts for hosts, endpoints, clocks, repositories and backups: ours, alone, and gone afterwards."""

import os
import socket
from pathlib import Path

import pytest
from tests.labs import installed, require

from upheld.lab.certificates import make
from upheld.lab.chronyd import Chronyd
from upheld.lab.git import GitRepository
from upheld.lab.host_root import HostRoot
from upheld.lab.restic import ResticRepository
from upheld.lab.service import DidNotStart, NotInstalled, find
from upheld.lab.sshd import Sshd
from upheld.lab.tls_listener import TlsListener
from upheld.lab.wrong_clock import WrongClock

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("made", [Sshd, Chronyd, WrongClock, TlsListener])
def test_a_service_runs_in_a_folder_of_its_own_and_is_gone_afterwards(made: type[Sshd | Chronyd | WrongClock | TlsListener]) -> None:
    with installed(), made() as service:
        folder, pid = service.folder, service.pid
        assert service.running
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(NotInstalled, match="no-such-program is not installed: run `make lab`"):
        find("no-such-program")


def test_a_port_that_somebody_else_has_is_not_taken_for_ours() -> None:
    listener = TlsListener()
    with socket.create_server(("127.0.0.1", listener.port)), pytest.raises(DidNotStart):
        listener.start(within=5)


def test_a_tree_lies_in_a_folder_of_its_own_and_nothing_outside_of_it_can_be_written() -> None:
    with HostRoot() as host:
        for name in ("../escaped", "/../../etc/passwd", "home/../../x"):
            with pytest.raises(ValueError, match="outside the tree"):
                host.write(name, "x")
        (host.root / "link").symlink_to("/etc")
        with pytest.raises(ValueError, match="outside the tree"):
            host.path("link/passwd")
        root = host.root
    assert not root.exists()


def test_a_package_is_installed_by_dpkg_into_the_tree_alone() -> None:
    require("dpkg", "dpkg-deb")
    with HostRoot() as host:
        program = host.install_package()
        assert program.read_text() == "#!/bin/sh\necho as shipped\n"
        assert "Package: upheld-lab" in (host.root / "var/lib/dpkg/status").read_text()
    assert not Path("/usr/bin/upheld-lab").exists()
    assert "upheld-lab" not in Path("/var/lib/dpkg/status").read_text()


def test_damage_to_a_backup_is_mended_byte_for_byte() -> None:
    require("restic")
    with ResticRepository() as repository:
        repository.write("a", b"x" * 10_000)
        repository.back_up()
        before = {path: path.read_bytes() for path in repository.repository.rglob("*") if path.is_file()}
        repository.damage()
        assert {path: path.read_bytes() for path in before} != before
        repository.mend()
        assert {path: path.read_bytes() for path in before} == before


def test_a_repository_is_pushed_to_and_does_not_touch_whoever_runs_it() -> None:
    require("git")
    with GitRepository() as repository:
        oid = repository.commit("a", "1", by="sue")
        repository.push()
        assert repository.git("log", "--format=%H %ae", "main", at=repository.shared) == f"{oid} sue@example.org"
        with pytest.raises(RuntimeError, match="git checkout"):
            repository.git("checkout", "nowhere")


def test_certificates_are_as_bad_as_asked(tmp_path: Path) -> None:
    pair = make("localhost", bits=1024)
    path = pair.write(tmp_path / "pair.pem")
    assert path.stat().st_mode & 0o777 == 0o600
    assert pair.certificate.issuer == pair.certificate.subject
