"""Files that grow, rotate, are compressed, cut and edited: each byte is read once, and what may be missing is said."""

import gzip
import os
import shutil

from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.logs import tailing
from upheld.logs.tailing import Followed, Piece, Trouble, altered, files, follow


class Reader:
    """Follows a pattern as the scanner does: what it was told last is what it knows next."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.known: dict[str, Followed] = {}
        self.read: list[tuple[Followed, int, int, str]] = []

    def __call__(self) -> tuple[bytes, list[str]]:
        data, troubles = b"", []
        for found in follow(files(self.pattern), self.known.values()):
            if isinstance(found, Trouble):
                troubles.append(found.what)
                continue
            assert isinstance(found, Piece)
            data += found.data
            self.known[found.followed.id] = found.followed
            self.read.append((found.followed, found.first_byte, len(found.data), found.sha256))
        return data, troubles


def test_only_what_is_new_is_read_and_a_half_line_waits(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"one\ntw")
    assert read() == (b"one\n", [])
    assert read() == (b"", [])
    with log.open("ab") as opened:
        opened.write(b"o\nthree\n")
    assert read() == (b"two\nthree\n", [])


def test_a_rotated_file_is_read_to_its_end_before_the_new_one(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"one\n")
    read()
    with log.open("ab") as opened:
        opened.write(b"two\n")
    os.utime(log, (1, 1))
    log.rename(tmp_path / "a.log.1")
    log.write_bytes(b"three\n")
    assert read() == (b"two\nthree\n", [])


def test_a_file_that_is_copied_and_emptied_loses_nothing_that_was_copied(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"one\n")
    read()
    with log.open("ab") as opened:
        opened.write(b"two\n")
    shutil.copy2(log, tmp_path / "a.log.1")
    log.write_bytes(b"")
    assert read() == (b"two\n", [])
    log.write_bytes(b"three\n")
    assert read() == (b"three\n", [])


def test_a_compressed_copy_of_what_was_read_is_not_read_again(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"one\ntwo\n")
    read()
    (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(log.read_bytes() + b"three\n"))
    log.unlink()
    assert read() == (b"three\n", [])


def test_a_file_that_was_cut_is_said(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"one line that is long\n" * 100)
    read()
    log.write_bytes(b"one line that is long\n" * 50)
    data, (trouble,) = read()
    assert data == b"" and "2,200 bytes of it were read, and 1,100 are left" in trouble


def test_a_line_edited_after_it_was_read_is_said(tmp_path):
    log, read = tmp_path / "a.log", Reader(str(tmp_path / "a.log*"))
    log.write_bytes(b"x" * 2000 + b"\nroot signed in\n")
    read()
    assert list(altered(read.pattern, read.read)) == []
    log.write_bytes(b"x" * 2000 + b"\nnobody was here\n"[:16])
    assert [each.path for each in altered(read.pattern, read.read)] == [str(log)]


def test_a_line_without_an_end_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tailing, "LINE_BYTES", 100)
    monkeypatch.setattr(tailing, "PIECE_BYTES", 1000)
    (tmp_path / "a.log").write_bytes(b"x" * 5000 + b"\nafter\n")
    data, troubles = Reader(str(tmp_path / "a.log"))()
    assert data.endswith(b"after\n") and len(data) == 5007 and troubles == []


def test_a_damaged_archive_is_said_and_a_link_is_not_followed(tmp_path):
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(b"line\n" * 1000)[:40])
    (tmp_path / "b.log").symlink_to("/etc/passwd")
    data, (trouble,) = Reader(str(tmp_path / "*"))()
    assert data == b"" and "cannot be read" in trouble


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.sampled_from(["write", "rotate", "copy", "read"]), max_size=25))
def test_whatever_happens_each_line_is_read_once(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("logs")
    log, read, written, got, turn = folder / "a.log", Reader(str(folder / "a.log*")), [], b"", 0
    log.touch()
    for number, step in enumerate([*steps, "read"]):
        if step == "write":
            written.append(b"%d %d a line of its own\n" % (number, len(written)))
            with log.open("ab") as opened:
                opened.write(written[-1])
        elif step == "read":
            data, troubles = read()
            got += data
            assert troubles == []
        elif log.stat().st_size:
            turn += 1
            log.rename(folder / f"a.log.{turn}") if step == "rotate" else shutil.copy2(log, folder / f"a.log.{turn}")
            log.write_bytes(b"")
    assert sorted(got.splitlines(keepends=True)) == sorted(written)


def test_what_is_no_file_is_not_waited_for_and_one_that_shrinks_while_it_is_read_is_said(tmp_path, monkeypatch):
    (tmp_path / "kept.log").write_text("one\n")
    (tmp_path / "link.log").symlink_to(tmp_path / "kept.log")
    os.mkfifo(tmp_path / "pipe.log")
    assert [path.name for path in files(str(tmp_path / "*.log"))] == ["kept.log"]
    (trouble,) = follow([tmp_path / "pipe.log"], [])  # as somebody may name it, for import
    assert "no file that can be followed" in trouble.what
    monkeypatch.setattr(tailing, "PIECE_BYTES", 4096)
    big = tmp_path / "big.log"
    big.write_bytes(b"".join(b"line %08d\n" % n for n in range(2_000)))
    coming = follow([big], [])
    first = next(coming)
    os.truncate(big, 2_000)
    assert list(coming) == []
    (cut,) = follow([big], [first.followed])
    assert "it was cut: 4,088 bytes of it were read, and 2,000 are left" in cut.what
