"""Policy parameters: declared once a chapter with type, default and floor, overridden by a workspace, shared by policy text and queries."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from upheld.checks.floor import Floor, Kind, Value, weakness
from upheld.checks.front import Front, MeasureError
from upheld.checks.measure import Measure
from upheld.checks.span import span

FILE = "parameters.toml"


@dataclass(frozen=True)
class Parameter:
    """One number, span or list that a policy's text and its measures share. `value` is `default` unless a workspace says otherwise."""

    chapter: str
    name: str
    kind: Kind
    meaning: str
    default: Value
    value: Value
    floor: Floor

    @property
    def weakness(self) -> str:
        """Why its value is weaker than the promise's sentence allows, in words; empty when it is not."""
        return weakness(self.name, self.value, self.floor)

    @property
    def in_words(self) -> str:
        """Its value as people write it: "3 months", "TLSv1.2, TLSv1.3"."""
        return words(self.value)


@dataclass(frozen=True)
class Parameters:
    """All parameters by (chapter, name), with the values in force."""

    declared: Mapping[tuple[str, str], Parameter]

    def of(self, measure: Measure) -> dict[str, Parameter]:
        """Return the parameters that `measure` names, by name; raises `MeasureError` for one its chapter does not declare."""
        return {name: self._one(measure, name) for name in measure.parameters}

    def values(self, measure: Measure) -> dict[str, Value]:
        """Return the values to put into the query of `measure`, by name; raises `MeasureError` as `of` does."""
        return {name: parameter.value for name, parameter in self.of(measure).items()}

    def digest(self, measure: Measure) -> str:
        """Return the SHA-256, in hexadecimal, of what `measure` is judged with: names and values, in order of name."""
        said = {name: parameter.in_words for name, parameter in self.of(measure).items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def overridden(self, overrides: Mapping[str, Mapping[str, Any]], file: str = "parameters") -> "Parameters":
        """Return these with the values that `overrides` gives by chapter and name, as TOML has them.

        Raises `MeasureError` naming an unknown chapter or name, and a value of another type. A value weaker than the
        floor is taken: it makes its measures broken.
        """
        changed = dict(self.declared)
        for chapter, said in overrides.items():
            if not isinstance(said, Mapping):
                raise MeasureError(file, None, f"`{chapter}` stands outside of any chapter", f"write it below a line such as [{chapter}]")
            for name, value in said.items():
                changed[chapter, name] = self._override(file, chapter, name, value)
        return Parameters(MappingProxyType(changed))

    def _override(self, file: str, chapter: str, name: str, value: object) -> Parameter:
        declared = self.declared.get((chapter, name))
        if declared is None:
            there = ", ".join(known for place, known in self.declared if place == chapter)
            remedy = f"[{chapter}] has {there}" if there else f"the chapters are {', '.join(sorted({place for place, _ in self.declared}))}"
            raise MeasureError(file, None, f"there is no parameter {chapter}.{name}", remedy)
        return replace(declared, value=typed(value, declared.kind, f"{chapter}.{name}", file))

    def _one(self, measure: Measure, name: str) -> Parameter:
        try:
            return self.declared[measure.chapter, name]
        except KeyError:
            raise MeasureError(
                f"{measure.id}.sql",
                None,
                f"it names the parameter {name}, which its chapter does not declare",
                f"declare [{name}] in measures/{measure.chapter}/{FILE}",
            ) from None


def load(folders: Iterable[Path], overrides: Path | None = None) -> Parameters:
    """Read parameters.toml of every chapter below `folders`, then the workspace's values in the file `overrides` if it is there.

    Raises `MeasureError` naming file and parameter. A later folder may declare more names, never one again.
    """
    declared: dict[tuple[str, str], Parameter] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE}")):
            for parameter in parse(path.parent.name, path.read_text(encoding="utf-8"), str(path)):
                key = (parameter.chapter, parameter.name)
                if key in declared:
                    raise MeasureError(
                        str(path), None, f"{'.'.join(key)} is declared already", "choose another name, or override its value"
                    )
                declared[key] = parameter
    parameters = Parameters(MappingProxyType(declared))
    if overrides is None or not overrides.is_file():
        return parameters
    return parameters.overridden(_toml(_text(overrides), str(overrides)), str(overrides))


def parse(chapter: str, text: str, file: str = FILE) -> list[Parameter]:
    """Return the parameters that `text` (TOML) declares for `chapter`; raises `MeasureError` with what is wrong."""
    return list(_parsed(chapter, text, file))


@lru_cache(maxsize=128)
def _parsed(chapter: str, text: str, file: str) -> tuple[Parameter, ...]:
    """Parse the same text once a process: pages and duties ask for what is in force many times each."""
    said = _toml(text, file)
    front = Front(said, file)
    return tuple(_parameter(chapter, name, front, file) for name in list(said))


def _parameter(chapter: str, name: str, front: Front, file: str) -> Parameter:
    said = front.table(name)
    assert said is not None, "the name was just read from the same text"
    kind = said.one_of("type", Kind)
    if not said.has("default"):
        said.refuse(f"{name} has no default", "add one; a policy without a number cannot be tested")

    default = typed(said.value("default"), kind, f"{chapter}.{name}.default", file)
    floor = _floor(said, kind, f"{chapter}.{name}", file)
    parameter = Parameter(chapter, name, kind, said.text("meaning"), default, default, floor)
    said.refuse_unread()
    if parameter.weakness:
        said.refuse(f"the default is weaker than the floor: {parameter.weakness}", "correct one of them")
    return parameter


def _floor(said: Front, kind: Kind, name: str, file: str) -> Floor:
    def bound(field: str, kind: Kind) -> Value | None:
        return typed(said.value(field), kind, f"{name}.{field}", file) if said.has(field) else None

    floor = Floor(bound("at_most", kind), bound("at_least", kind), bound("includes", Kind.LIST), bound("within", Kind.LIST))
    sizeless = kind in (Kind.TEXT, Kind.LIST, Kind.BOOLEAN)
    if sizeless and (floor.at_most is not None or floor.at_least is not None):
        said.refuse(f"{name} says at_most or at_least of a {kind}, which has no size", "say includes or within")
    if not sizeless and (floor.includes is not None or floor.within is not None):
        said.refuse(f"{name} says includes or within of a {kind}, which is no list", "say at_most or at_least")
    return floor


def typed(value: object, kind: Kind, name: str, file: str) -> Value:
    """Return TOML's `value` as one of `kind`; raises `MeasureError` naming the parameter and how such a value is written."""
    try:
        return _converted(value, kind)
    except (TypeError, ValueError) as error:
        raise MeasureError(file, None, f"{name} is no {kind}: {error}", f"write it as {kind.example}") from error


def _converted(value: object, kind: Kind) -> Value:
    if kind is Kind.DURATION and isinstance(value, str):
        return span(value)
    if kind is Kind.LIST and isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    if kind is Kind.REAL and type(value) is int:
        return float(value)
    if type(value) in kind.python and not isinstance(value, list):
        return value  # type: ignore[return-value]  # its type was just looked up
    raise TypeError(f"it is {value!r}")


def words(value: Value) -> str:
    """Return `value` as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MeasureError(str(path), None, f"it is not UTF-8 ({error.reason} at byte {error.start})", "save it as UTF-8 text") from error


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MeasureError(file, None, f"it is not TOML: {error}", "correct it") from error
