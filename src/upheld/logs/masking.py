"""Taking somebody out of lines of a log, in which names stand in any company: between words, in paths, before the name of a host.

A name is masked wherever it stands between signs that are neither letters nor digits, also as JSON or an address of the web writes it;
not where it is only part of a name that somebody else goes by (`rita` in `rita.smith`). What has fewer than four letters, and numbers,
count only where they are all that the field says that tells who, and then in that line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from upheld.evidence.masking import files_of, opened_rows
from upheld.logs.telling import WHO
from upheld.sources.belonging import ACCOUNT, MAIL, NAME, PERSON, USER, Known
from upheld.sources.frames import files
from upheld.vault.fence import normalised

SHORTEST = 4
_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_KINDS = (MAIL, USER, PERSON, NAME, ACCOUNT)
_RUN = re.compile(r"[\w.@+-]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_QUOTED = re.compile(r"(?:%[0-9a-fA-F]{2})+")


class Masker:
    """Masks whom `known` knows in lines, and in the fields that they have."""

    def __init__(self, known: Known) -> None:
        """Begin; who else goes by a longer name is looked up only once that is in question."""
        self._known = known

    def line(self, said: str, fields: Mapping[str, Any] | None = None) -> str:
        """Return `said` without whom it names; `fields` are those of its event, in which numbers and short names count, too."""
        also = {value: token for value in self._who(fields or {}) if self._is_short(value) and (token := self._token(value))}
        left = self._masked(said, also)
        for written in _WRITTEN:
            other = written(left)
            if other != left and (found := self._masked(other, also)) != other:
                left = found
        return left

    def value(self, said: Any, name: str = "") -> Any:
        """Return what the field `name` says without whom it names: text, or what JSON holds."""
        if isinstance(said, str):
            return self._token(said) or self.line(said) if name in WHO else self.line(said)
        if isinstance(said, list | tuple):
            return [self.value(each, name) for each in said]
        if isinstance(said, dict):
            return {self.line(str(key)): self.value(each, str(key)) for key, each in said.items()}
        return said

    def fields(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `said`, by name, without whom it names; itself where it names nobody."""
        left = {name: self.value(value, name) for name, value in said.items()}
        return said if left == said else left

    def _token(self, said: str) -> str:
        """What to show in place of `said`, all of which is somebody's name or number; "" if it is nobody's."""
        found = next((found for kind in _KINDS if (found := self._known.erasure(kind, "", said))), None)
        return self._known.shown(found, said) if found else ""

    def _who(self, fields: Mapping[str, Any]) -> Iterator[str]:
        return (value for name in WHO if isinstance(value := fields.get(name), str))

    @staticmethod
    def _is_short(value: str) -> bool:
        return value.isdigit() or len(value) < SHORTEST

    def _masked(self, said: str, also: Mapping[str, str]) -> str:
        begins, words = self._known.begins, list(_WORD.finditer(said))
        pieces, at, place = list[str](), 0, 0
        while place < len(words):
            found = self._name(said, words, place, also) if begins(words[place][0]) else None
            if found is None:
                place += 1
                continue
            last, token = found
            pieces += [said[at : words[place].start()], token]
            at, place = words[last].end(), last + 1
        return "".join([*pieces, said[at:]]) if pieces else said

    def _name(self, said: str, words: list[re.Match[str]], first: int, also: Mapping[str, str]) -> tuple[int, str] | None:
        """The longest name that begins with the word `first`: its last word, and what stands in its place."""
        start = words[first].start()
        for last in range(min(first + _MOST_WORDS, len(words)) - 1, first - 1, -1):
            end = words[last].end()
            called = said[start:end]
            if called in also:
                return last, also[called]
            token = "" if self._is_short(called) else self._token(called)
            if token and not self._part_of_another(said, start, end):
                return last, token
        return None

    def _part_of_another(self, said: str, start: int, end: int) -> bool:
        """Whether what stands there is only part of a name that somebody else goes by."""
        run = next(each for each in _RUN.finditer(said, _run_start(said, start)) if each.end() > start)
        called = normalised(run[0].strip(".-+"))
        return called != normalised(said[start:end]) and bool({called, called.partition("@")[0]} & self._others)

    @cached_property
    def _others(self) -> frozenset[str]:
        """What those go by whom the history has now; of whoever is masked there it has nothing any more."""
        by_table = files_of(each for name in ("people", "accounts") for each in files(table_name=name))
        rows = (row for its in by_table.values() for row in opened_rows(its))
        named = (str(row[column]) for row in rows for column in ("mail", "user_name", "identifier") if row.get(column))
        every = {normalised(each) for each in named}
        return frozenset(each for each in every if not self._token(each))


def _run_start(said: str, start: int) -> int:
    while start and (said[start - 1].isalnum() or said[start - 1] in "_.@+-"):
        start -= 1
    return start


def _of_json(said: str) -> str:
    return _ESCAPED.sub(lambda found: letter if (letter := chr(int(found[1], 16))).isalpha() else found[0], said) if "\\u" in said else said


def _of_the_web(said: str) -> str:
    return _QUOTED.sub(lambda found: text if (text := unquote(found[0])).isprintable() else found[0], said) if "%" in said else said


def _of_bytes(said: str) -> str:
    """UTF-8 that was taken byte by byte, as in lines that have other bytes as well."""
    try:
        return said if said.isascii() else said.encode("latin-1").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return said


# How letters may be written otherwise; what is masked so is kept as it reads.
_WRITTEN: tuple[Callable[[str], str], ...] = (_of_json, _of_the_web, _of_bytes)
