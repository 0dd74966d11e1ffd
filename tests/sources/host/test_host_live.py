"""The host source against this machine, a private tree, and a real SSH server."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.labs import installed, require, require_user
from tests.sources.collected import collect, column, connected, gaps, rows

from upheld.evidence.collection import Coverage
from upheld.lab.host_root import HostRoot
from upheld.lab.sshd import Sshd
from upheld.sources.host import HOST
from upheld.sources.host.get import the_script
from upheld.sources.source import Misconfigured, SourceError

pytestmark = pytest.mark.lab


def test_this_machine_answers_for_itself() -> None:
    into = collect(connected(HOST, verify="no", system="here"), "hosts", "accounts", "capacity_readings", "volumes", "password_rules")
    assert [row["id"] for row in rows(into, "hosts")] == ["here"]
    assert "root" in column(into, "accounts", "user_name")
    assert "memory" in column(into, "capacity_readings", "resource")
    assert into.coverage is Coverage.COMPLETE
    assert into.clock_offset is not None


def test_whoever_is_not_root_reads_what_everybody_may_and_the_rest_is_unknown_not_gone() -> None:
    require_user("nobody")
    as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups sh -s"
    tables = ("accounts", "host_accounts", "sudo_rules", "grants", "grantors", "groups")
    as_root, into = collect(connected(HOST), *tables), collect(connected(HOST, program=as_nobody), *tables)
    assert column(into, "accounts", "id") == column(as_root, "accounts", "id")
    assert ("accounts", "password_scheme", "denied") in gaps(into)
    assert {row["password_scheme"] for row in into.seen["accounts"].rows.values()} == {None}
    assert {name for name in tables if into.seen[name].coverage is Coverage.PARTIAL} == {"sudo_rules", "grants", "grantors"}
    assert any("not asked as root" in note for note in into.notes)


def test_a_folder_that_may_not_be_searched_is_said_and_ends_no_row() -> None:
    require_user("nobody")
    as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups sh -s"
    with HostRoot() as host:
        host.root.parent.chmod(0o755)
        host.copy_shell("usr/bin/open")
        (host.root / "usr/shut").mkdir(mode=0o700)
        into = collect(connected(HOST, root=str(host.root), scan="/usr", program=as_nobody), "privileged_files")
        assert column(into, "privileged_files", "path") == ["/usr/bin/open"]
        assert into.seen["privileged_files"].cut_short == ["1 folders below /usr may not be searched by this account, such as /usr/shut"]


def test_an_answer_that_breaks_off_ends_no_row(tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    killed = "sh -c 'sh -s | head -c 1500'"
    into = collect(connected(HOST, program=killed, scan=str(tmp_path)), "hosts", "accounts", "privileged_files", "packages")
    assert into.seen["hosts"].rows
    assert into.seen["accounts"].coverage is Coverage.PARTIAL
    assert "dpkg: the answer was cut off" in into.seen["packages"].cut_short
    assert {seen.coverage for seen in into.seen.values()} == {Coverage.PARTIAL}
    assert any("broke off" in note for note in into.notes)


def test_a_host_that_says_nothing_is_an_error_that_may_pass() -> None:
    with pytest.raises(SourceError, match="this machine did not answer the questions") as caught:
        connected(HOST, program="sh -c 'sleep 60'", patience="1").test()
    assert not caught.value.permanent


def test_huge_answers_are_cut_and_said(tmp_path: Path) -> None:
    with HostRoot() as host:
        host.write("etc/passwd", "root:x:0:0::/root:/bin/sh\n" + "#" * 5_000_000)
        into = collect(connected(HOST, root=str(host.root)), "accounts")
        assert column(into, "accounts", "user_name") == ["root"]


def test_a_tree_is_read_as_if_it_were_the_root() -> None:
    require("dpkg", "dpkg-deb")
    with HostRoot() as host:
        program = host.install_package()
        host.copy_shell("usr/bin/lab-shell")
        host.write("etc/sudoers.d/10-alice", "alice ALL=(ALL) NOPASSWD: ALL\n")
        source = connected(HOST, root=str(host.root), system="lab", scan="/usr")
        tables = ("packages", "package_deviations", "privileged_files", "sudo_rules", "grantors", "volumes")
        into = collect(source, *tables)
        assert rows(into, "packages")[0]["verified"] is True
        assert rows(into, "package_deviations") == []
        assert column(into, "privileged_files", "path") == ["/usr/bin/lab-shell"]
        assert column(into, "grantors", "way") == ["sudo:ALL", "superuser"]
        assert into.seen["volumes"].coverage is Coverage.FAILED
        program.write_text("changed\n")
        (host.root / "usr/share/upheld-lab/list").unlink()
        found = collect(source, "package_deviations")
        assert [(row["path"], row["what"], row["package_id"]) for row in rows(found, "package_deviations")] == [
            ("/usr/bin/upheld-lab", "changed", "lab/dpkg/upheld-lab:all"),
            ("/usr/share/upheld-lab/list", "missing", "lab/dpkg/upheld-lab:all"),
        ]


def test_files_of_packages_that_may_not_be_read_are_neither_missing_nor_compared() -> None:
    require("dpkg", "dpkg-deb")
    require_user("nobody")
    with HostRoot() as host:
        host.root.parent.chmod(0o755)
        host.install_package().chmod(0o700)
        (host.root / "usr/share/upheld-lab").chmod(0o700)
        as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups sh -s"
        into = collect(connected(HOST, root=str(host.root), system="lab", program=as_nobody), "packages", "package_deviations")
        assert into.seen["package_deviations"].rows == {}
        assert into.seen["package_deviations"].cut_short == [
            "2 files of packages may not be read by this account, such as /usr/bin/upheld-lab"
        ]
        assert column(into, "packages", "verified") == [None]
        assert ("packages", "verified", "denied") in gaps(into)


def test_names_with_newlines_and_escapes_do_no_harm() -> None:
    with HostRoot() as host:
        for name in ("usr/bin/a\n=file _etc_shadow\n =0", "usr/bin/b\x1b[2J", "usr/bin/c *"):
            host.copy_shell(name)
        into = collect(connected(HOST, root=str(host.root), system="lab", scan="/usr"), "privileged_files")
        assert column(into, "privileged_files", "path") == [
            "/usr/bin/a\\n=file _etc_shadow\\n =0",
            "/usr/bin/b\\x1b[2J",
            "/usr/bin/c *",
        ]
        assert {row["package"] for row in into.seen["privileged_files"].rows.values()} == {None}


def settings(server: Sshd) -> dict[str, str]:
    return {
        "address": server.address,
        "port": str(server.port),
        "identity_file": str(server.identity),
        "known_hosts": str(server.known_hosts),
    }


def test_over_ssh_the_same_comes_back() -> None:
    with installed(), Sshd() as server:
        tables = ("hosts", "accounts", "groups")
        there, here = collect(connected(HOST, **settings(server)), *tables), collect(connected(HOST), *tables)
        assert {name: there.seen[name].rows for name in tables} == {name: here.seen[name].rows for name in tables}


def test_an_unknown_host_key_is_refused_with_its_fingerprint(tmp_path: Path) -> None:
    with installed(), Sshd() as server:
        (tmp_path / "empty").touch()
        listed = subprocess.run(["ssh-keygen", "-l", "-f", server.folder / "host_key.pub"], capture_output=True, text=True, check=True)
        with pytest.raises(SourceError, match="shows a key that is not known") as caught:
            connected(HOST, **{**settings(server), "known_hosts": str(tmp_path / "empty")}).test()
        assert listed.stdout.split()[1] in str(caught.value)
        assert caught.value.permanent


def test_a_changed_host_key_is_refused_too() -> None:
    with installed(), Sshd() as server:
        source = connected(HOST, **settings(server))
        assert "answers" in source.test()
        server.renew_host_key()
        with pytest.raises(SourceError, match="shows another key than the one that is known"):
            source.test()


def test_an_account_that_is_refused_is_told_what_to_do(tmp_path: Path) -> None:
    with installed(), Sshd() as server:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
        with pytest.raises(SourceError, match="refused the account: put its public key into authorized_keys"):
            connected(HOST, **{**settings(server), "identity_file": str(tmp_path / "other")}).test()


def test_a_server_that_is_gone_is_an_error_that_may_pass() -> None:
    with installed(), Sshd() as server:
        source = connected(HOST, **settings(server))
        server.stop()
        with pytest.raises(SourceError, match="did not answer") as caught:
            source.test()
        assert not caught.value.permanent


def test_the_pinned_script_answers_as_the_sent_one(tmp_path: Path) -> None:
    import sys

    pinned = subprocess.run([sys.executable, "-m", "upheld.sources.host"], capture_output=True, check=True).stdout
    (tmp_path / "upheld-questions").write_bytes(pinned)
    (tmp_path / "upheld-questions").chmod(0o755)
    into = collect(connected(HOST, program=f"env VERIFY=no WANT=hosts {tmp_path}/upheld-questions"), "hosts")
    assert rows(into, "hosts") == rows(collect(connected(HOST), "hosts"), "hosts")


def test_a_key_that_may_run_the_pinned_script_alone_answers_too(tmp_path: Path) -> None:
    pinned = tmp_path / "upheld-questions"
    pinned.write_bytes(b"#!/bin/sh\nVERIFY=no SCAN=/usr/bin\n" + the_script())
    pinned.chmod(0o755)
    with installed(), Sshd() as server:
        server.let_in(f'restrict,command="{pinned}"')
        into = collect(connected(HOST, **settings(server)), "hosts", "accounts")
        assert column(into, "accounts", "id") == column(collect(connected(HOST), "accounts"), "accounts", "id")
        assert into.coverage is Coverage.COMPLETE


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "-oProxyCommand=touch /tmp/x"},
        {"address": "host; rm -rf /"},
        {"scan": "/usr /tmp/$(id)'"},
        {"root": "relative"},
        {"port": "22 -o"},
        {"patience": "soon"},
        {"known_hosts": "/nowhere/at/all"},
    ],
)
def test_a_setting_that_could_be_taken_for_something_else_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        connected(HOST, **wrong)


def test_nothing_is_written_where_questions_are_asked() -> None:
    with HostRoot() as host:
        before = {path: os.lstat(path).st_mtime_ns for path in host.root.rglob("*")}
        collect(connected(HOST, root=str(host.root)), *[name for name in HOST.tables if name != "devices"])
        assert {path: os.lstat(path).st_mtime_ns for path in host.root.rglob("*")} == before
