"""What people try first: headers as they come, columns that are missing, paths that are no files, and what the test says."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.table import table
from upheld.sources.people import LIST, ListSource
from upheld.sources.people.mapping import mapped
from upheld.sources.people.regular import LARGEST_BYTES
from upheld.sources.source import SourceError, complete

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
Listed = Callable[..., ListSource]


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """Writes a list of a table and connects to it."""

    def connect(content: str, name: str) -> ListSource:
        path = tmp_path / "list.csv"
        path.write_text(content)
        return LIST.connect(complete(LIST, {"table": name, "file": str(path)}))

    return connect


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        (
            "devices",
            {"Serial:": "id", "Owner*": "owner_id", "Encrypted?": "encrypted", "Last seen": "last_seen_at", "Host name": "name"},
        ),
        (
            "accounts",
            {
                "ID": "id", "System": "system_id", "User": "user_name", "MFA": "has_mfa", "last login": "last_login_at",
                "Active?": "enabled", "Personnel number": "person_ref",
            },
        ),
    ],
)  # fmt: skip
def test_headers_as_people_write_them_are_recognised(name: str, headers: dict[str, str]) -> None:
    found = mapped(list(headers), table(name), {})
    assert {list(headers)[place]: column for column, place in found.places.items()} == headers


def test_the_test_names_every_required_column_that_is_missing(listed: Listed) -> None:
    with pytest.raises(SourceError, match=r"accounts.system_id \(.*\) nor accounts.user_name \(.*\); its headers are 'id', 'Colour'"):
        listed("id,Colour\n1,red\n", "accounts").test()


def test_the_test_says_what_is_left_unread_and_which_lines_cannot_be_read(listed: Listed) -> None:
    source = listed("id,Colour,encrypted\n1,red,perhaps\n" + "2,red,maybe\n" * 15 + "3,red,yes\n", "devices")
    assert source.test().split("\n") == [
        "list.csv has 17 lines for devices; guessed from its headers: id from 'id', encrypted from 'encrypted'",
        "left unread: 'Colour'",
        "of the first 17 lines, not all can be read: line 2: column 'encrypted': 'perhaps' is neither yes nor no (ja, nein, true, false, "
        "1, 0); line 3: column 'encrypted': 'maybe' is neither yes nor no (ja, nein, true, false, 1, 0), and 14 more lines likewise",
    ]


def test_the_test_fails_where_no_line_can_be_read(listed: Listed) -> None:
    with pytest.raises(SourceError, match="of the first 1 line, not all can be read: line 2: column 'encrypted'"):
        listed("id,encrypted\n1,perhaps\n", "devices").test()


def test_one_line_is_one_line(listed: Listed) -> None:
    assert listed("id\n1\n", "devices").test().startswith("list.csv has 1 line for devices;")


def test_an_identifier_that_the_list_lacks_is_the_user_name_without_case(listed: Listed) -> None:
    into = Collecting("crm", ["accounts"], NOON)
    listed("id,system,user\n1,crm,Ada\ufb01\n", "accounts").collect(into)
    (row,) = into.seen["accounts"].rows.values()
    assert (row["user_name"], row["identifier"], into.coverage) == ("Ada\ufb01", "adafi", Coverage.COMPLETE)
    assert "identifier" not in {gap.column for gap in into.gaps}
    assert "identifier is made from user_name (NFKC, without case), since the list has no such column" in into.notes


def at(path: Path) -> ListSource:
    return LIST.connect(complete(LIST, {"table": "devices", "file": str(path)}))


def test_a_pipe_a_device_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in ((tmp_path / "pipe", "it is a pipe"), (Path("/dev/zero"), "it is a device"), (tmp_path, "it is a folder")):
        with pytest.raises(SourceError, match=f"{said}; only a regular file is read"):
            at(path).test()


def test_a_link_to_a_list_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id\n1\n")
    (tmp_path / "link").symlink_to("list.csv")
    assert "1 line" in at(tmp_path / "link").test()


def test_a_list_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(SourceError, match="more than 200 MB"):
        at(tmp_path / "huge.csv").test()


def test_a_mapping_that_is_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id\n1\n")
    os.mkfifo(tmp_path / "pipe")
    source = LIST.connect(complete(LIST, {"table": "devices", "file": str(tmp_path / "list.csv"), "mapping": str(tmp_path / "pipe")}))
    with pytest.raises(SourceError, match="it is a pipe"):
        source.test()
