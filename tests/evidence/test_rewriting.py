"""Merging and erasing: what the files say of any instant stays, and what was erased is nowhere in them."""

from datetime import timedelta

import pytest
from tests.evidence.made import DAY, MONDAY, Archive, account, accounts, seen

TUESDAY = MONDAY + DAY
SECRET = "Rumpelstiltskin"


def bytes_of(archive: Archive) -> bytes:
    """Return the values in all files, uncompressed, as one piece of bytes."""
    found = archive.loaded(MONDAY).execute("SELECT * FROM read_parquet($1, union_by_name = true)", [[str(f.path) for f in archive.files]])
    return repr(found.fetchall()).encode()


def test_merged_files_are_one_and_say_the_same(archive: Archive) -> None:
    digests = []
    for day in range(5):
        rows = [account(number, uid_number=day if number == day else 0) for number in range(10 + day)]
        digests.append(archive.record(seen(rows, MONDAY + day * DAY)).tables["accounts"].digest)
    before = [archive.ids(MONDAY + day * DAY) for day in range(5)]
    old = list(archive.files)
    new = archive.store.compact("accounts", "ldap")
    assert (new.since, new.seen_at, new.collection) == (MONDAY, MONDAY + 4 * DAY, old[-1].collection)
    assert new.rows == sum(file.rows for file in old)
    archive.replace(old, [new])
    assert [archive.ids(MONDAY + day * DAY) for day in range(5)] == before
    for day, digest in enumerate(digests):
        archive.store.verify("accounts", "ldap", MONDAY + day * DAY, digest)


def test_merging_leaves_the_old_files_to_those_who_read_them(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    archive.record(seen(accounts(4), TUESDAY))
    archive.store.compact("accounts", "ldap")
    assert archive.ids(TUESDAY) == {"a0", "a1", "a2", "a3"}
    assert len(archive.store.orphans()) == 1


def test_there_is_nothing_to_merge_in_an_empty_store(archive: Archive) -> None:
    with pytest.raises(ValueError, match="empty"):
        archive.store.compact("accounts", "ldap")


def test_an_erased_row_is_gone_from_every_file_and_every_digest_stands(archive: Archive) -> None:
    first = archive.record(seen([*accounts(3), account(9, display_name=SECRET)])).tables["accounts"]
    second = archive.record(seen([*accounts(3), account(9, display_name=SECRET + "2")], TUESDAY)).tables["accounts"]
    third = archive.record(seen(accounts(3), TUESDAY + DAY)).tables["accounts"]
    assert SECRET.encode() in bytes_of(archive)
    erased = archive.store.erase("accounts", "ldap", {"id": "a9"})
    assert (erased.versions, len(erased.written), len(erased.replaced)) == (2, 3, 3)
    archive.replace(erased.replaced, erased.written)
    assert SECRET.encode() not in bytes_of(archive)
    assert b"user9" not in bytes_of(archive) and b"'a9'" not in bytes_of(archive)
    assert archive.ids(MONDAY) == {"a0", "a1", "a2"}
    for told in (first, second, third):
        archive.store.verify("accounts", "ldap", told.seen_at, told.digest)
    assert archive.store.altered() == {}


def test_erasing_leaves_other_sources_and_other_files_alone(archive: Archive) -> None:
    archive.record(seen([account(9, display_name=SECRET)], source="crm"))
    archive.record(seen(accounts(2)))
    archive.record(seen([*accounts(2), account(9)], TUESDAY))
    erased = archive.store.erase("accounts", "ldap", {"id": "a9"})
    assert [file.seen_at for file in erased.replaced] == [TUESDAY]
    archive.replace(erased.replaced, erased.written)
    assert archive.loaded(TUESDAY).execute("SELECT source FROM accounts WHERE id = 'a9'").fetchall() == [("crm",)]


def test_erasing_what_is_not_there_writes_nothing(archive: Archive) -> None:
    archive.record(seen(accounts(2)))
    for source in ("ldap", "nobody"):
        erased = archive.store.erase("accounts", source, {"id": "a77"})
        assert (erased.versions, erased.written, erased.replaced) == (0, (), ())


def test_a_row_erased_while_still_seen_comes_anew_and_its_leaf_ends(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    erased = archive.store.erase("accounts", "ldap", {"id": "a1"})
    archive.replace(erased.replaced, erased.written)
    part = archive.record(seen([account(0)], TUESDAY, cut_short="size limit")).tables["accounts"]
    archive.store.verify("accounts", "ldap", TUESDAY, part.digest)
    told = archive.record(seen(accounts(3), TUESDAY + DAY)).tables["accounts"]
    assert (told.opened, told.changed, told.ended) == (1, 0, 0)
    archive.store.verify("accounts", "ldap", TUESDAY + DAY, told.digest)
    assert archive.ids(TUESDAY + DAY) == {"a0", "a1", "a2"}
    again = archive.record(seen(accounts(3), TUESDAY + 2 * DAY)).tables["accounts"]
    assert (again.file, again.digest) == (None, told.digest)


def test_erasing_twice_and_merging_between_keeps_every_digest(archive: Archive) -> None:
    told = [archive.record(seen([account(n, uid_number=day) for n in range(6)], MONDAY + day * DAY)).tables["accounts"] for day in range(3)]
    for key in ("a1", "a2"):
        erased = archive.store.erase("accounts", "ldap", {"id": key})
        archive.replace(erased.replaced, erased.written)
        archive.replace(list(archive.files), [archive.store.compact("accounts", "ldap")])
    for each in told:
        archive.store.verify("accounts", "ldap", each.seen_at, each.digest)
    assert archive.ids(MONDAY + timedelta(hours=1)) == {"a0", "a3", "a4", "a5"}


def test_a_file_that_the_manifest_names_is_not_discarded(archive: Archive) -> None:
    archive.record(seen(accounts(1)))
    with pytest.raises(ValueError, match="belongs to the history"):
        archive.store.discard([archive.files[0].path])
    assert archive.ids(MONDAY) == {"a0"}
