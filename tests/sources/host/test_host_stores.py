"""Who may read a store, from real folders; and restores, from what sudo wrote down."""

import json
from datetime import UTC, datetime

from tests.sources.collected import collect, connected, rows
from tests.sources.host.answered import host, shaped

from upheld.lab.host_root import HostRoot
from upheld.sources.host import HOST
from upheld.sources.restic.shape import Checked as Looked
from upheld.sources.restic.shape import Told, backup_row, belongings, region_of, snapshots

LOG = """2026-05-01T14:00:01.5+02:00 crm sudo[7]: ada : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/restic -r x restore latest
May  3 14:00:00 crm sudo:     bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/pg_restore -d shop secret.dump
Dec 30 14:00:00 crm sudo[9]: bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/borg extract x
2026-05-02T10:00:00+02:00 crm sudo[8]: ada : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/restic backup /srv/restore
2026-05-02T10:00:00+02:00 crm sudo[8]: ada : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/apt install restic
"""


def test_restores_are_told_by_program_person_and_instant_alone() -> None:
    found = shaped(host(sudo_log=LOG, zone="/usr/share/zoneinfo/Europe/Berlin\n"), "restores")
    assert [(row["tool"], row["done_by"], row["done_at"]) for row in found] == [
        ("restic", "ada", datetime(2026, 5, 1, 12, 0, 1, 500000, tzinfo=UTC)),
        ("pg_restore", "bob", datetime(2026, 5, 3, 12, 0, tzinfo=UTC)),
        ("borg", "bob", datetime(2025, 12, 30, 13, 0, tzinfo=UTC)),
    ]
    assert "secret" not in str(found)


def test_who_may_read_a_folder_follows_from_its_rights() -> None:
    with HostRoot() as tree:
        tree.write("etc/group", "root:x:0:\nbackup:x:0:alice,bob\n")
        tree.path("/srv/x").parent.mkdir()
        tree.path("/srv").chmod(0o750)
        source = connected(HOST, root=str(tree.root), system="lab", scan="/usr", stores="/srv /none")
        into = collect(source, "store_readers")
        found = {(row["principal"], row["access"]) for row in rows(into, "store_readers")}
        assert {("root", "read"), ("root", "change")} <= found
        assert ("everybody", "read") not in found
        assert into.seen["store_readers"].cut_short
        tree.path("/srv").chmod(0o755)
        again = {(row["principal"], row["access"]) for row in rows(collect(source, "store_readers"), "store_readers")}
        assert again - found == {("everybody", "read")}


def test_a_snapshot_holds_what_its_marks_say() -> None:
    said = {"id": "1", "time": "2026-05-01T00:00:00Z", "hostname": "crm", "paths": ["/etc", "/srv"], "tags": ["nightly"]}
    (one,) = snapshots(json.dumps([said]), ())
    rules = belongings("path:/etc=configuration path:/srv=data path:/opt=settings", "CONTENT")
    row = backup_row("s3:s3.eu-west-2.amazonaws.com/x", one, Looked(None, None), Told("all", "uk", rules, belongings("tag:nightly=yes")))
    assert (row["content"], row["automatic"], row["region"]) == ("configuration, data", True, "eu-west-2")
    plain = backup_row("/srv/restic", one, Looked(None, None), Told("data", "uk"))
    assert (plain["content"], plain["automatic"], plain["region"]) == ("data", None, "uk")
    assert region_of("s3:https://minio.example.org/s3.eu-west-2.amazonaws.com") == ""
