"""Installations as dpkg and apt wrote them down, shaped from their logs and read from a real dpkg's."""

from datetime import UTC, datetime

from tests.labs import require
from tests.sources.collected import collect, connected, rows
from tests.sources.host.answered import host, shaped

from upheld.lab.host_root import HostRoot
from upheld.sources.host import HOST

LOG = """2026-05-01 14:00:01 install nginx:amd64 <none> 1.24-1
2026-05-02 06:10:00 upgrade bash:amd64 5.2-1 5.2-2
2026-05-03 09:00:00 remove nginx:amd64 1.24-1 <none>
2026-05-03 09:00:00 status installed bash:amd64 5.2-2
"""
HISTORY = """
Start-Date: 2026-05-01  14:00:00
Commandline: apt-get install nginx
Requested-By: ada lovelace (1000)
Install: nginx:amd64 (1.24-1)
End-Date: 2026-05-01  14:00:03

Start-Date: 2026-05-02  06:09:58
Commandline: /usr/bin/unattended-upgrade
Upgrade: bash:amd64 (5.2-1, 5.2-2)
End-Date: 2026-05-02  06:10:02
"""


def told(**more: str) -> list[dict[str, object]]:
    sections = {"dpkg_log": LOG, "apt_history": HISTORY, "zone": "/usr/share/zoneinfo/Europe/Berlin\n", **more}
    return shaped(host(**sections), "software_installs")


def test_what_was_installed_when_and_by_whom() -> None:
    found = [tuple(row.get(name) for name in ("action", "package", "version", "done_by", "unattended", "done_at")) for row in told()]
    assert found == [
        ("install", "nginx", "1.24-1", "ada lovelace", False, datetime(2026, 5, 1, 12, 0, 1, tzinfo=UTC)),
        ("upgrade", "bash", "5.2-2", None, True, datetime(2026, 5, 2, 4, 10, tzinfo=UTC)),
        ("remove", "nginx", None, None, None, datetime(2026, 5, 3, 7, 0, tzinfo=UTC)),
    ]


def test_without_a_time_zone_the_instant_is_unknown() -> None:
    assert [row.get("done_at") for row in told(zone="../Mars/Olympus\n")] == [None, None, None]


def test_two_who_asked_at_once_are_not_told_apart() -> None:
    second = HISTORY.replace("ada lovelace", "bob").partition("\n\nStart-Date: 2026-05-02")[0]
    assert "done_by" not in told(apt_history=f"{HISTORY}\n{second}")[0]


def test_a_real_dpkg_tells() -> None:
    require("dpkg")
    with HostRoot() as tree:
        tree.install_package(asked_by="alice")
        tree.install_package("upheld-second")
        into = collect(connected(HOST, root=str(tree.root), system="lab", scan="/usr"), "software_installs")
    found = [(row["package"], row["action"], row["version"], row.get("done_by")) for row in rows(into, "software_installs")]
    assert found[0] == ("upheld-lab", "install", "1.0", "alice")
    # Within the same second it cannot be told whose it was; after it, nobody asked.
    assert found[1][:3] == ("upheld-second", "install", "1.0")
    assert not into.seen["software_installs"].cut_short
