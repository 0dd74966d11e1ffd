"""Who may end a row, what is written, and what recording says of itself."""

import pytest
from tests.evidence.made import DAY, MONDAY, Archive, account, accounts, seen

from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.recording import too_many
from upheld.evidence.store import OutOfOrder

TUESDAY = MONDAY + DAY


def test_the_first_collection_opens_every_row(archive: Archive) -> None:
    told = archive.record(seen(accounts(3))).tables["accounts"]
    assert (told.rows, told.opened, told.changed, told.ended, told.vanished) == (3, 3, 0, 0, 0)
    assert told.coverage is Coverage.COMPLETE
    assert told.file is not None and told.file.rows == 3
    assert told.file.path.stat().st_size == told.file.size_bytes
    assert archive.ids(MONDAY) == {"a0", "a1", "a2"}


def test_a_collection_that_changed_nothing_writes_nothing_and_has_the_same_digest(archive: Archive) -> None:
    first = archive.record(seen(accounts(3))).tables["accounts"]
    again = archive.record(seen(accounts(3), TUESDAY)).tables["accounts"]
    assert again.file is None
    assert again.digest == first.digest


def test_only_changed_rows_are_written(archive: Archive) -> None:
    archive.record(seen(accounts(50)))
    rows = [*accounts(49), account(49, enabled=False)]
    told = archive.record(seen(rows, TUESDAY)).tables["accounts"]
    assert (told.opened, told.changed, told.ended) == (0, 1, 0)
    assert told.file is not None and told.file.rows == 1


def test_a_row_that_a_complete_collection_lacks_has_ended(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    told = archive.record(seen(accounts(2), TUESDAY)).tables["accounts"]
    assert (told.ended, told.vanished) == (1, 0)
    assert archive.ids(TUESDAY) == {"a0", "a1"}
    assert archive.ids(MONDAY) == {"a0", "a1", "a2"}


def test_a_partial_collection_adds_and_changes_but_ends_nothing(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    told = archive.record(seen([account(0, enabled=True), account(7)], TUESDAY, cut_short="connection lost")).tables["accounts"]
    assert (told.opened, told.changed, told.ended, told.vanished) == (1, 1, 0, 2)
    assert told.coverage is Coverage.PARTIAL
    assert archive.ids(TUESDAY) == {"a0", "a1", "a2", "a7"}


def test_what_the_system_reports_as_deleted_ends_even_when_the_collection_is_partial(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    into = seen([account(0)], TUESDAY, cut_short="size limit")
    into.deleted("accounts", [("a1",)])
    told = archive.record(into).tables["accounts"]
    assert (told.ended, told.vanished) == (1, 1)
    ended = archive.loaded(TUESDAY, history=["accounts"]).execute("SELECT id, ended FROM history.accounts WHERE ended IS NOT NULL")
    assert ended.fetchall() == [("a1", "deleted")]


def test_a_table_that_was_not_read_stays_as_it_was(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    told = archive.record(Collecting("ldap", ["accounts"], TUESDAY)).tables["accounts"]
    assert (told.coverage, told.file, told.digest) == (Coverage.FAILED, None, "")
    assert archive.ids(TUESDAY) == {"a0", "a1", "a2"}


def test_twenty_rows_may_vanish_at_once_and_twenty_one_are_quarantined(archive: Archive) -> None:
    archive.record(seen(accounts(60)))
    few = archive.record(seen(accounts(40), TUESDAY)).tables["accounts"]
    assert (few.ended, few.quarantined) == (20, False)
    many = archive.record(seen(accounts(19), TUESDAY + DAY)).tables["accounts"]
    assert (many.ended, many.vanished, many.quarantined, many.coverage) == (0, 21, True, Coverage.PARTIAL)
    assert many.cut_short == ("21 of 40 rows vanished at once: none is taken as gone until somebody confirms it",)
    assert len(archive.ids(TUESDAY + DAY)) == 40


def test_of_many_rows_five_per_cent_may_vanish_at_once(archive: Archive) -> None:
    archive.record(seen(accounts(1000)))
    assert archive.record(seen(accounts(950), TUESDAY)).tables["accounts"].ended == 50
    assert archive.record(seen(accounts(902), TUESDAY + DAY)).tables["accounts"].quarantined


def test_a_quarantined_table_stays_so_until_somebody_confirms(archive: Archive) -> None:
    archive.record(seen(accounts(60)))
    for day in (1, 2):
        assert archive.record(seen([], MONDAY + day * DAY)).tables["accounts"].quarantined
    told = archive.record(seen([], MONDAY + 3 * DAY), accept_vanishing=frozenset({"accounts"})).tables["accounts"]
    assert (told.ended, told.vanished, told.quarantined, told.coverage) == (60, 0, False, Coverage.COMPLETE)
    assert archive.ids(MONDAY + 2 * DAY) == {f"a{number}" for number in range(60)}
    assert archive.ids(MONDAY + 3 * DAY) == set()


def test_what_came_beside_a_quarantine_is_recorded(archive: Archive) -> None:
    archive.record(seen(accounts(60)))
    told = archive.record(seen([account(0, enabled=True), account(99)], TUESDAY)).tables["accounts"]
    assert (told.opened, told.changed, told.quarantined) == (1, 1, True)
    assert len(archive.ids(TUESDAY)) == 61


def test_sources_do_not_end_each_others_rows(archive: Archive) -> None:
    archive.record(seen([account(0)], source="ldap"))
    archive.record(seen([account(0), account(1)], source="crm"))
    archive.record(seen([], TUESDAY, source="crm"))
    found = archive.loaded(TUESDAY).execute("SELECT source, id FROM accounts").fetchall()
    assert found == [("ldap", "a0")]


def test_history_is_not_written_backwards(archive: Archive) -> None:
    archive.record(seen(accounts(1), TUESDAY))
    for at in (TUESDAY, MONDAY):
        with pytest.raises(OutOfOrder, match="ldap was already seen at 2026-05-05T08:00:00"):
            archive.record(seen(accounts(2), at))


def test_a_collection_that_wrote_nothing_still_keeps_the_order(archive: Archive) -> None:
    archive.record(seen(accounts(1)))
    archive.record(seen(accounts(1), TUESDAY + DAY))
    with pytest.raises(OutOfOrder):
        archive.record(seen(accounts(2), TUESDAY), after=TUESDAY + DAY)


def test_an_empty_table_has_the_digest_of_nothing(archive: Archive) -> None:
    told = archive.record(seen([])).tables["accounts"]
    assert told.digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert told.coverage is Coverage.COMPLETE


def test_two_same_rows_of_two_sources_have_different_digests(archive: Archive) -> None:
    one = archive.record(seen(accounts(1), source="ldap")).tables["accounts"]
    other = archive.record(seen(accounts(1), source="crm")).tables["accounts"]
    assert one.digest != other.digest


def test_what_is_said_of_a_table_reaches_the_frame(archive: Archive) -> None:
    into = seen(accounts(2), cut_short="size limit")
    into.denied("accounts", "last_login_at", "needs read on pwdLastSuccess")
    filled = archive.record(into).tables["accounts"].filled()
    assert filled.complete_at is None
    assert filled.rows == 2
    assert filled.cut_short == ("size limit",)
    assert [gap.column for gap in filled.gaps] == ["last_login_at"]
    later = archive.record(seen(accounts(2), TUESDAY)).tables["accounts"].filled(None)
    assert (later.complete_at, later.stale_at) == (TUESDAY, TUESDAY + DAY * 26 / 24)


def test_a_small_table_that_comes_back_empty_or_more_than_half_empty_is_quarantined(archive: Archive) -> None:
    assert [known for known in range(30) if too_many(known, known)] == list(range(5, 30))
    assert [gone for gone in range(13) if too_many(gone, 12)] == list(range(7, 13))
    archive.record(seen(accounts(5)))
    told = archive.record(seen([], TUESDAY)).tables["accounts"]
    assert (told.quarantined, told.ended, len(archive.ids(TUESDAY))) == (True, 0, 5)
