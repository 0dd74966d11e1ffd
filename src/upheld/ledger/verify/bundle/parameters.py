"""Parameters of a measure in a bundle: their values in words (which the ledger's digest is of), as SQL, and against the promise's floor."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from upheld.ledger.verify.bundle import spans
from upheld.ledger.verify.bundle.fields import Fields
from upheld.ledger.verify.report import Rejected

_REAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?(e-?\d{1,3})?", re.ASCII)
_HOLE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$([A-Za-z_][A-Za-z0-9_]*)", re.DOTALL)

_HISTORY = re.compile(r"(?<![\w.])\"?history\"?\s*\.\s*\"?([A-Za-z_][A-Za-z0-9_]*)", re.ASCII | re.I)


@dataclass(frozen=True)
class Parameter:
    """One value of a policy: its kind, the value as bundles hold it, and its declaration (kind, floor) from the chapter's file."""

    name: str
    kind: str
    value: Any
    declared: Mapping[str, Any]

    @property
    def words(self) -> str:
        """The value as people write it."""
        match self.kind:
            case "duration":
                return spans.parse(self.value).words
            case "boolean":
                return "yes" if self.value else "no"
            case "list":
                return ", ".join(self.value) or "none"
            case "real":
                return f"{float(self.value):g}"
        return str(self.value)

    @property
    def literal(self) -> str:
        """The value as SQL."""
        match self.kind:
            case "duration":
                return f"INTERVAL '{spans.parse(self.value).words}'"
            case "boolean":
                return "TRUE" if self.value else "FALSE"
            case "list":
                return f"CAST([{', '.join(map(_quoted, self.value))}] AS VARCHAR[])"
            case "date":
                return f"CAST({_quoted(self.value)} AS DATE)"
            case "text":
                return _quoted(self.value)
        return str(self.value)

    @property
    def is_weaker(self) -> bool:
        """Whether the value is weaker than the promise's sentence allows. Raises `Rejected` for a floor that is none."""
        try:
            return self._is_weaker()
        except (TypeError, ValueError) as error:
            raise Rejected(f"the floor of the parameter {ascii(self.name)[:60]} cannot be read: {error}") from error

    def _is_weaker(self) -> bool:
        most, least = self.declared.get("at_most"), self.declared.get("at_least")
        if most is not None and self._size(self.value) > self._size(most):
            return True
        if least is not None and self._size(self.value) < self._size(least):
            return True
        within = self.declared.get("within")
        if set(self.declared.get("includes", ())) - self._entries():
            return True
        return within is not None and bool(self._entries() - set(within))

    def _size(self, value: Any) -> float:
        if self.kind == "duration":
            return spans.parse(str(value)).about.total_seconds()
        if self.kind == "date":
            return float(date.fromisoformat(str(value)).toordinal())
        return float(value)

    def _entries(self) -> set[str]:
        return set(self.value) if isinstance(self.value, list) else {str(self.value)}


def read(said: Sequence[Fields], chapter: bytes | None) -> list[Parameter]:
    """Return the parameters that a judgement names, declared in the chapter's file (TOML). Raises `Rejected`."""
    declared = _toml(chapter) if chapter is not None else {}
    found = []
    for each in said:
        name, kind, value = each.text("name"), each.text("kind"), each.said.get("value")
        about = declared.get(name)
        if not isinstance(about, dict) or about.get("type") != kind:
            raise Rejected(f"{each.place}: {name} is not declared as {kind} in its chapter's file")
        if not _is(kind, value):
            raise Rejected(f"{each.place}: {ascii(value)[:60]} is no {kind}")
        found.append(Parameter(name, kind, value, about))
    return found


def digest(parameters: Sequence[Parameter]) -> str:
    """Return the SHA-256, in hex, of names and values in words, in order of name."""
    said = {each.name: each.words for each in parameters}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def filled(query: str, parameters: Sequence[Parameter], as_of: datetime) -> str:
    """Return `query` with each $name as a literal, `$as_of` among them. Raises `Rejected` for a name that has no value.

    Texts, quoted names and comments are passed over; nothing else is changed.
    """
    values = {each.name: each.literal for each in parameters}
    values["as_of"] = f"CAST('{as_of.replace(tzinfo=None).isoformat(sep=' ')}' AS TIMESTAMP)"

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0]
        if name not in values:
            raise Rejected(f"the query asks for ${name}, which has no value")
        return values[name]

    return _HOLE.sub(value, query)


def histories(query: str) -> set[str]:
    """Return the tables whose history `query` reads; texts and comments are passed over."""
    bare = _HOLE.sub(lambda found: found[0] if found[0].startswith('"') else " ", query)
    return {found[1].lower() for found in _HISTORY.finditer(bare)}


def _is(kind: str, value: object) -> bool:
    match kind:
        case "duration":
            return isinstance(value, str) and bool(spans.parse(value))
        case "integer":
            return type(value) is int
        case "boolean":
            return isinstance(value, bool)
        case "real":
            return isinstance(value, str) and bool(_REAL.fullmatch(value))
        case "date":
            return isinstance(value, str) and _is_date(value)
        case "list":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return kind == "text" and isinstance(value, str)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _toml(text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Rejected(f"a chapter's parameters cannot be read: {error}") from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
