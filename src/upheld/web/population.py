"""The population of a measure's last judgement: every subject, searched and paged, from the file that the judge wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from upheld.evidence.duck import lent, put_in
from upheld.web.wording import clipped

PER_PAGE = 25
LAST_PAGE = 100_000
WHICH = {"": "true", "fail": "NOT ok", "unknown": "ok IS NULL", "pass": "ok"}
_WORST_FIRST = "CASE ok WHEN false THEN 0 WHEN true THEN 2 ELSE 1 END"
_OWN = ("subject", "label", "ok", "detail", "flips_at", "excepted")


@dataclass(frozen=True)
class Subject:
    """One subject: `ok` True passes, False fails, None is unknown. `more` are the measure's further columns."""

    subject: str
    label: str
    ok: bool | None
    detail: str
    flips_at: datetime | None
    excepted: bool
    more: tuple[tuple[str, str], ...]

    @property
    def word(self) -> str:
        """How it came out."""
        if self.ok is None:
            return "unknown"
        return "passes" if self.ok else "excepted" if self.excepted else "fails"


@dataclass(frozen=True)
class Population:
    """One page of the subjects that were asked for; `found` of them in all. `kept` is False when the file is gone.

    `altered` says, where the file is not what was judged, that it is not; there are no subjects then.
    """

    subjects: tuple[Subject, ...] = ()
    found: int = 0
    page: int = 1
    words: str = ""
    which: str = ""
    kept: bool = True
    altered: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // PER_PAGE))

    @property
    def previous(self) -> int:
        """The page before this one."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after this one."""
        return self.page + 1


def everyone(file: Path, *, words: str = "", which: str = "") -> Iterator[Subject]:
    """Yield every subject in the outcomes `file` that contains `words` and came out as `which`, in the order of the pages."""
    where = _where(which)
    with lent() as connection:
        query = f"SELECT * FROM read_parquet($file) WHERE {where} ORDER BY {_WORST_FIRST}, label, subject"  # noqa: S608  fixed texts
        rows = connection.execute(put_in(query, file=str(file), words=_said(words)))
        names = [column[0] for column in rows.description or ()]
        while some := rows.fetchmany(1000):
            yield from (_subject(dict(zip(names, row, strict=True)), whole=True) for row in some)


def _said(words: str) -> str:
    """Return `words` as a literal can hold them: NUL, which is in no text, as a character that is in none either."""
    return words.replace("\0", "\uffff")


def _where(which: str) -> str:
    return f"{WHICH.get(which, 'true')} AND ($words = '' OR contains(lower(concat_ws(' ', subject, label, detail)), lower($words)))"


def population(file: Path, *, words: str = "", which: str = "", page: int = 1) -> Population:
    """Return the page `page` (from 1) of the subjects in the outcomes `file` that contain `words` and came out as `which`.

    Those that fail come first, then those unknown. A page beyond the last is the last.
    """
    if not file.is_file():
        return Population(words=words, which=which, kept=False)
    chosen = which if which in WHICH else ""
    where = _where(chosen)
    with lent() as connection:
        asked = {"file": str(file), "words": _said(words)}
        counted = connection.execute(put_in(f"SELECT count(*) FROM read_parquet($file) WHERE {where}", **asked)).fetchone()  # noqa: S608  fixed
        found = int(counted[0]) if counted else 0
        shown = min(max(1, page), max(1, -(-found // PER_PAGE)))
        listed = (
            f"SELECT * FROM read_parquet($file) WHERE {where} ORDER BY {_WORST_FIRST}, label, subject "  # noqa: S608
            f"LIMIT {PER_PAGE} OFFSET {(shown - 1) * PER_PAGE}"
        )
        rows = connection.execute(put_in(listed, **asked))
        names = [column[0] for column in rows.description or ()]
        subjects = tuple(_subject(dict(zip(names, row, strict=True))) for row in rows.fetchall())
    return Population(subjects, found, shown, words, chosen)


def page_number(text: str) -> int:
    """Return the page that an address asks for; 1 for anything that is no page."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= LAST_PAGE else 1


def _subject(row: dict[str, object], *, whole: bool = False) -> Subject:
    """Return `row` as a subject, its longest texts cut unless the `whole` of them is asked for."""
    ok, flips_at, longest = row["ok"], row["flips_at"], 10**9 if whole else 1000
    return Subject(
        subject=str(row["subject"]),
        label=clipped(str(row["label"] or row["subject"]), longest),
        ok=ok if isinstance(ok, bool) else None,
        detail=clipped(str(row["detail"] or ""), longest),
        flips_at=flips_at.replace(tzinfo=UTC) if isinstance(flips_at, datetime) else None,
        excepted=bool(row["excepted"]),
        more=tuple(
            (name.replace("_", " "), clipped(str(value), longest)) for name, value in row.items() if name not in _OWN and value is not None
        ),
    )
