"""Taking somebody out of what is kept of logs: parts written anew with masked lines, whose leaves stay; and rows of what was found.

The root of a segment still holds, made of the lines that can be read and of the leaves of those that cannot: for what a masked line says
now, the entry `log.erased` vouches.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import orjson
from django.db import models, transaction

from upheld.evidence.duck import PARTIAL, lent, literal, put_in, quoted
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.profile import Json
from upheld.logs import parts, storing
from upheld.logs.masking import Masker
from upheld.logs.models import Canary, CanaryTry, Detection, Hour, LogFile, Met, Pair, Part, Retro, Scan, Segment, WatchedLog
from upheld.logs.telling import WHO

_IN_ONE_ENTRY = 200
# What says how a log is reached is left, and counted: masked, it would be read no more.
_REACHED: Mapping[type[models.Model], tuple[str, ...]] = {WatchedLog: ("name", "pattern", "system_id"), Canary: ("address",)}
# What the product named itself: the files of parts.
_LEFT: Mapping[type[models.Model], tuple[str, ...]] = {**_REACHED, Part: ("path",)}
_ROWS: tuple[type[models.Model], ...] = (WatchedLog, LogFile, Scan, Part, Segment, Canary, CanaryTry, Retro, Met, Detection, Hour, Pair)
_SAID = (models.CharField, models.TextField, models.JSONField)


@dataclass(frozen=True)
class _Hit:
    """A row of a part that names somebody: its number there, and what is to be kept of it."""

    number: int
    row: dict[str, Any]


def lines(masker: Masker) -> dict[str, int]:
    """Return how many lines that are kept of each log name whom `masker` masks."""
    found = {log.name: sum(_many(storing.path(part), masker) for part in log.parts.all()) for log in WatchedLog.objects.all()}
    return {name: many for name, many in found.items() if many}


def _many(part: Path, masker: Masker) -> int:
    """How many lines of `part` name somebody; one, where it is there and cannot be read, since nobody knows."""
    try:
        return len(_hits(part, masker))
    except duckdb.Error:
        return int(part.is_file())


def naming(needles: Sequence[str]) -> dict[str, int]:
    """Return how many lines that are kept of each log have one of `needles` in them, also as part of another word."""
    wanted = [needle.lower() for needle in needles]
    found = {log.name: sum(_having(storing.path(part), wanted) for part in log.parts.all()) for log in WatchedLog.objects.all()}
    return {name: many for name, many in found.items() if many}


def erase(masker: Masker, by: Actor) -> dict[str, int]:
    """Write anew what is kept of logs, without whom `masker` masks; return how many lines of each that were. Idempotent.

    Call it outside a transaction; the caller holds the run's lock, so that nobody writes meanwhile.
    """
    done = {}
    for log in WatchedLog.objects.all():
        storing.sweep(log)
        if many := _of_log(log, masker, by):
            done[log.name] = many
        storing.sweep(log)
    return done


def _of_log(log: WatchedLog, masker: Masker, by: Actor) -> int:
    written: list[tuple[Part, parts.Written, int]] = []
    places: list[tuple[str, int]] = []
    for part in log.parts.all():
        try:
            hits = _hits(storing.path(part), masker)
        except duckdb.Error:
            continue  # gone, or altered: the check looks again, and says that it cannot be read
        if hits:
            written.append((part, _rewritten(part, hits), len(hits)))
            places += [(hit.row["file"], hit.row["place"]) for hit in hits if "leaf" in hit.row]
    for at in range(0, len(written), _IN_ONE_ENTRY):
        some = written[at : at + _IN_ONE_ENTRY]
        said: list[Json] = [{"was": part.sha256, "file": new.sha256, "lines": many} for part, new, many in some]
        with transaction.atomic():
            append(
                "log.erased", subject=("source", f"log {log.name}"), body={"lines": sum(many for *_, many in some), "parts": said}, actor=by
            )
            for part, new, _ in some:
                part.path = str(new.path.relative_to(new.path.parents[2]))
                part.sha256, part.size_bytes, part.fields = new.sha256, new.size_bytes, list(new.fields)
                part.save(update_fields=["path", "sha256", "size_bytes", "fields"])
            # A digest of so few lines could be guessed: what is left of the segment is held against its root.
            Segment.objects.filter(pk__in=_segments(log, places)).exclude(root="").update(sha256="")
    return sum(many for *_, many in written)


def _segments(log: WatchedLog, places: list[tuple[str, int]]) -> Iterator[int]:
    """The segments of `log` in which one of `places` (file, byte) lies."""
    by_file: dict[str, list[int]] = {}
    for file, place in places:
        by_file.setdefault(file, []).append(place)
    for each in Segment.objects.filter(file__log=log, file__in=by_file):
        until = each.first_byte + each.size_bytes
        if any(each.first_byte <= place < until for place in by_file[each.file_id]):
            yield each.pk


def _hits(part: Path, masker: Masker) -> list[_Hit]:
    """The rows of `part` that name somebody, as they are to be kept."""
    with lent() as connection:
        columns = [str(row[0]) for row in connection.execute(f"DESCRIBE FROM {parts.reading([part])}").fetchall()]
        fields = [name for name in columns if name not in parts.OWN]
        source = f"read_parquet({literal(str(part))}, file_row_number = true)"
        listed = ", ".join(f"{quoted(name)}" for name in fields)
        texts = f"concat_ws(chr(10), {listed})" if fields else "''"
        who = [name for name in fields if name in WHO]
        asked = ", ".join(["file_row_number", "line", texts, *map(quoted, who)])
        rows = connection.execute(f"SELECT {asked} FROM {source}")  # noqa: S608  names are quoted
        numbers = []
        while some := rows.fetchmany(5_000):
            for number, line, more, *values in some:
                its = dict(zip(who, values, strict=True))
                if masker.line(line, its) != line or masker.value(more) != more or masker.fields(its) != its:
                    numbers.append(number)
        if not numbers:
            return []
        chosen = ", ".join(map(str, numbers))
        told = connection.execute(f"SELECT * FROM {source} WHERE file_row_number IN ({chosen}) ORDER BY file_row_number")  # noqa: S608
        names = [str(each[0]) for each in told.description or ()]
        return [_left(dict(zip(names, row, strict=True)), masker) for row in told.fetchall()]


def _left(row: dict[str, Any], masker: Masker) -> _Hit:
    """What is to be kept of `row`: without its salt, where its line named somebody."""
    number = row.pop("file_row_number")
    fields = {name: value for name, value in row.items() if name not in parts.OWN and value is not None}
    kept = {name: row[name] for name in parts.OWN if row.get(name) is not None} | dict(masker.fields(fields))
    line = masker.line(row["line"], fields)
    if line != row["line"]:
        kept["line"] = line
        if salt := kept.pop("salt", ""):
            was = row["line"].encode("latin-1" if row["odd"] else "utf-8")
            kept["leaf"] = parts.leaf_of(bytes.fromhex(salt), row["place"], was).hex()
        if row["odd"] and not _is_latin(line):
            kept["odd"] = False
    return _Hit(number, kept)


def _is_latin(line: str) -> bool:
    return all(ord(each) < 256 for each in line)


def _rewritten(part: Part, hits: list[_Hit]) -> parts.Written:
    path = storing.path(part)
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=f".json{PARTIAL}") as file:
        for hit in hits:
            file.write(orjson.dumps(hit.row, option=orjson.OPT_APPEND_NEWLINE, default=str))
        file.flush()
        types = parts.OWN | {name: "VARCHAR" for hit in hits for name in hit.row if name not in parts.OWN}
        numbers = ", ".join(str(hit.number) for hit in hits)
        kept = f"SELECT * EXCLUDE (file_row_number) FROM read_parquet({literal(str(path))}, file_row_number = true)"  # noqa: S608  our own path
        source = f"({kept} WHERE file_row_number NOT IN ({numbers}) UNION ALL BY NAME SELECT * FROM {parts.of_json(file.name, types)})"  # noqa: S608
        return parts.write(source, path.parent)


def _having(part: Path, wanted: list[str]) -> int:
    if not wanted:
        return 0
    with lent() as connection, suppress(duckdb.Error):
        said = f"SELECT lower(concat_ws(chr(31), *COLUMNS(*))) AS said FROM {parts.reading([part])}"  # noqa: S608  our own path
        having = put_in("list_bool_or(list_transform($needles, lambda needle: contains(said, needle)))", needles=wanted)
        found = connection.execute(f"SELECT count(*) FROM ({said}) WHERE {having}").fetchone()  # noqa: S608
        return int(found[0]) if found else 0
    return 0


def rows(masker: Masker, *, write: bool) -> dict[str, int]:
    """Return how many rows of what was found and counted name whom `masker` masks; with `write`, mask them. Call that in a transaction."""
    found = {}
    for model in _ROWS:
        fields = [field for field in model._meta.concrete_fields if isinstance(field, _SAID) and not field.primary_key]
        names = [field.name for field in fields if field.name not in _LEFT.get(model, ())]
        many = 0
        for row in model._default_manager.all().iterator(chunk_size=2_000) if names else ():
            new = _changes(row, names, masker)
            many += bool(new)
            if new and write:
                _change(row, new)
        if many:
            found[model._meta.label_lower] = many
    return found


def reached(masker: Masker) -> dict[str, int]:
    """Return how many rows that say how a log is reached name whom `masker` masks; those are not changed."""
    found = {
        model._meta.label_lower: sum(bool(_changes(row, list(names), masker)) for row in model._default_manager.all())
        for model, names in _REACHED.items()
    }
    return {label: many for label, many in found.items() if many}


def _changes(row: models.Model, names: list[str], masker: Masker) -> dict[str, Any]:
    new = {}
    for name in names:
        was = getattr(row, name)
        field = row._meta.get_field(name)
        now = masker.value(was, "user" if name == "who" else name)
        if now != was:
            new[name] = now[: field.max_length] if isinstance(now, str) and isinstance(field, models.CharField) else now
    return new


def _change(row: models.Model, new: dict[str, Any]) -> None:
    """Change `row`; two that are one now, since they differed only in how a name was written, become one."""
    for name, value in new.items():
        setattr(row, name, value)
    if isinstance(row, Pair) and (same := Pair.objects.filter(log=row.log_id, who=row.who, host=row.host).exclude(pk=row.pk).first()):
        new = new | {"first_at": min(row.first_at, same.first_at)}
        same.delete()
    if isinstance(row, Hour) and (equal := Hour.objects.filter(log=row.log_id, host=row.host, at=row.at).exclude(pk=row.pk).first()):
        new = new | {"events": row.events + equal.events}
        equal.delete()
    type(row)._default_manager.filter(pk=row.pk).update(**new)
