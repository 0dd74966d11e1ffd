"""The file of a backup: every byte of it counts, and nothing in it leads out of the place it is unpacked to."""

import io
import os
import random
import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.upkeep.given import packed, unpacked

from upheld.upkeep.errors import Unusable
from upheld.upkeep.manifest import Manifest, Member, parse

SMALL = packed({"a.txt": b"one", "b/c.txt": b"another"})
# With UPHELD_EVERY_BIT=1 each bit of each byte is turned (minutes); otherwise one of each that is not padding, and of some that are.
EVERY = os.environ.get("UPHELD_EVERY_BIT") == "1"


def places() -> list[int]:
    """The places in `SMALL` to try."""
    if EVERY:
        return list(range(len(SMALL)))
    telling = [at for at, byte in enumerate(SMALL) if byte]
    return sorted({*telling, *random.Random(1).sample(range(len(SMALL)), 200)})


def refused(data: bytes, scratch: Path) -> bool:
    """Whether `data` is refused in words, however much of it was unpacked."""
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        unpacked(data, scratch)
    except Unusable as error:
        return bool(str(error))
    return False


def test_a_whole_backup_is_unpacked(tmp_path: Path) -> None:
    unpacked(SMALL, tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    assert (tmp_path / "b" / "c.txt").read_bytes() == b"another"
    assert (tmp_path / "a.txt").stat().st_mode & 0o077 == 0


def test_any_tar_program_reads_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(SMALL)) as tar:
        assert tar.getnames() == ["manifest.json", "manifest.sig", "workspace/a.txt", "workspace/b/c.txt"]


def test_a_byte_that_was_altered_is_found_wherever_it_is(tmp_path: Path) -> None:
    accepted = []
    for at in places():
        for bit in range(8) if EVERY else (at % 8,):
            altered = bytearray(SMALL)
            altered[at] ^= 1 << bit
            if not refused(bytes(altered), tmp_path / "out"):
                accepted.append((at, bit))
    assert accepted == []


def test_a_backup_that_was_cut_off_is_found_wherever_it_was(tmp_path: Path) -> None:
    lengths = range(len(SMALL)) if EVERY else [*range(0, len(SMALL), 97), *range(len(SMALL) - 100, len(SMALL))]
    assert [length for length in lengths if not refused(SMALL[:length], tmp_path / "out")] == []


def test_anything_added_is_found(tmp_path: Path) -> None:
    assert refused(SMALL + b"\n", tmp_path)
    assert refused(SMALL + SMALL, tmp_path)


@pytest.mark.parametrize(
    "path",
    ["../out", "/etc/passwd", "a/../../out", "a//b", "./a", "", ".", "a\0b", "a/"],
    ids=["up", "absolute", "within", "//", "./", "empty", ".", "nul", "/"],
)
def test_a_path_that_leads_elsewhere_or_is_written_otherwise_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Unusable):
        unpacked(packed({"a.txt": b"one", path: b"out"}), tmp_path / "in")
    assert [each.name for each in tmp_path.iterdir() if each.name != "in"] == []


def test_a_file_where_another_needs_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        unpacked(packed({"a": b"one", "a/b": b"two"}), tmp_path)


def test_a_newer_format_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="has format 2, and this release reads up to 1: install"):
        unpacked(packed({"a": b"one"}, format=2), tmp_path)


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    into = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(SMALL)) as old, tarfile.open(fileobj=into, mode="w") as new:
        for info in old:
            if info.name.endswith("a.txt"):
                info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0
                new.addfile(info)
            else:
                new.addfile(info, old.extractfile(info))
    with pytest.raises(Unusable, match=r"lacks a\.txt"):
        unpacked(into.getvalue(), tmp_path)


@given(st.binary(max_size=4096))
def test_what_is_no_backup_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unusable):
        unpacked(data, Path("/nonexistent"))


@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "ä ß", "d" * 150, "e/" * 60 + "f"]), st.binary(max_size=99)),
    st.sampled_from(["", "ü", '"\\']),
)
def test_a_manifest_reads_back_as_it_was_written(files: dict[str, bytes], said: str) -> None:
    manifest = Manifest(
        "1",
        "workspace",
        "0",
        "2026-05-04T12:00:00+00:00",
        {"ledger": ["0001"]},
        None,
        [Member(n, len(d), "0" * 64) for n, d in files.items()],
        [said],
        [],
    )
    assert parse(manifest.text()) == manifest


def test_long_and_foreign_names_come_back(tmp_path: Path) -> None:
    files = {"d" * 150: b"1", "e/" * 60 + "f": b"2", "größe/日本.txt": b"3"}
    unpacked(packed(files), tmp_path)
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
