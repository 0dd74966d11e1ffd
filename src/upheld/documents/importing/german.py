"""German pages: known as such by their small words, and said in English words as far as the wording of measures goes. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).with_name("german.toml")
_SMALL = frozenset(
    ("der", "die", "das", "den", "dem", "des", "ein", "eine", "und", "oder", "ist", "sind", "wird", "werden", "von", "zu", "zur", "zum")
) | {"mit", "bei", "auf", "im", "nach", "durch", "nicht", "nur", "alle", "für", "sich", "wir", "unsere"}
_LEAST_WORDS, _LEAST_SHARE = 10, 0.15
_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ANYWHERE, _BEGINNING = 5, 4  # letters from which on a stem is found anywhere in a word, and at its beginning


def is_german(words: list[str]) -> bool:
    """Whether a text of these `words`, in lower case, is in German: by the share of those that every German text has."""
    return len(words) >= _LEAST_WORDS and sum(word in _SMALL for word in words) >= _LEAST_SHARE * len(words)


def in_english(text: str) -> str:
    """Return what the telling words of the German `text` mean, in order: no sentence, but what wording is compared by.

    Words that are not known stay as they are, since many are the same in both languages.
    """
    found = (_meanings(token.replace("-", "")) for token in _TOKEN.findall(text.lower().translate(_SPELLED)))
    return " ".join(meaning for some in found for meaning in some if meaning)


def _meanings(word: str) -> Iterator[str]:
    at, known = 0, False
    while at < len(word):
        stem = _stem_at(word, at)
        if stem:
            yield _meant()[stem]
            known = True
        at += len(stem) or 1
    if not known:
        yield word


def _stem_at(word: str, at: int) -> str:
    """Return the longest known stem that stands `at` in `word`; "" for none."""
    for length in range(min(_longest(), len(word) - at), 2, -1):
        stem = word[at : at + length]
        if stem in _meant() and (length >= _ANYWHERE or (at == 0 and (length >= _BEGINNING or length == len(word)))):
            return stem
    return ""


@cache
def _meant() -> Mapping[str, str]:
    meant: dict[str, str] = tomllib.loads(_WORDS.read_text(encoding="utf-8"))["words"]
    return meant


@cache
def _longest() -> int:
    return max(map(len, _meant()))
