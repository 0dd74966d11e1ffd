"""How alike two texts are: words without their endings, one word for those that mean the same, weighed by how telling each is."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_SYNONYMS = Path(__file__).with_name("synonyms.toml")
_TOKEN = re.compile(r"[a-zà-ÿ0-9]+(?:-[a-zà-ÿ0-9]+)*")
_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "als", "al", "ed",
    "es", "ly", "s",
)  # fmt: skip
_SHORTEST_STEM = 4
_UNSEEN = 0.02


def stem(word: str) -> str:
    """`word` without its ending; two forms of one word mostly become the same."""
    if word.endswith("ies") and len(word) > _SHORTEST_STEM:
        word = f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    if len(word) == _SHORTEST_STEM and word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
    word = word.rstrip("e") if len(word) > _SHORTEST_STEM else word
    return word[:-1] if len(word) >= _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "sl" else word


def terms(text: str) -> list[str]:
    """The telling words of `text`, in order, each as the word that stands for it."""
    text = _phrases().sub(lambda found: f" {_stands_for()[_plain(found[0])]} ", _plain(text))
    found = (stem(word) for whole in _TOKEN.findall(text) for word in (_parts(whole)))
    return [_canonical().get(word, word) for word in found if word not in _stop() and len(word) > 1 and not word.isdecimal()]


class Index:
    """Texts by key, to be compared with others. A text may be given several times under one key; the best counts."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        counted = [(key, Counter(terms(text))) for key, text in texts]
        self._seen = Counter(term for _, counts in counted for term in counts)
        self._size = len(counted)
        self._weights = [(key, self._weigh(counts)) for key, counts in counted]

    def scores(self, text: str) -> dict[str, float]:
        """How alike `text` and each key's best text are, from 0 to 1; keys without a word in common are left out."""
        asked = self._weigh(Counter(terms(text)))
        found: dict[str, float] = {}
        for key, weights in self._weights:
            alike = sum(weight * weights[term] for term, weight in asked.items() if term in weights)
            if alike > found.get(key, 0.0):
                found[key] = min(alike, 1.0)
        return found

    def _weigh(self, counts: Counter[str]) -> Mapping[str, float]:
        weights = {term: (1 + math.log(count)) * self._telling(term) for term, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def _telling(self, term: str) -> float:
        """How much a term tells: more the rarer it is here. One that no text has tells only as much as a fairly common one."""
        seen = self._seen[term] or _UNSEEN * self._size
        return math.log(1 + self._size / (0.5 + seen))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("‑", "-"))


def _parts(whole: str) -> list[str]:
    """A word with hyphens counts as itself when it is known so, else as its parts."""
    return [whole] if whole in _representatives() else whole.split("-")


@cache
def _groups() -> list[list[str]]:
    groups: list[list[str]] = tomllib.loads(_SYNONYMS.read_text(encoding="utf-8"))["groups"]
    return groups


@cache
def _representatives() -> frozenset[str]:
    return frozenset(group[0] for group in _groups())


@cache
def _stands_for() -> Mapping[str, str]:
    return {f"{phrase}{ending}": group[0] for group in _groups() for phrase in group if _is_phrase(phrase) for ending in ("", "s")}


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted((phrase for group in _groups() for phrase in group if _is_phrase(phrase)), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})s?(?![\w-])")


def _is_phrase(phrase: str) -> bool:
    return " " in phrase or "-" in phrase


@cache
def _canonical() -> Mapping[str, str]:
    return {stem(word): stem(group[0]) for group in _groups() for word in group if not _is_phrase(word)}


@cache
def _stop() -> frozenset[str]:
    return frozenset(stem(word) for word in tomllib.loads(_SYNONYMS.read_text(encoding="utf-8"))["stop"])
