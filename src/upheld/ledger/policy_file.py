"""Reading a verifier's policy: JSON (`upheld/trust/1`), or the lines of C2SP tlog-policy. Standard library only."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from upheld.ledger.checkpoint import COSIGNATURE, MalformedKey, VerificationKey, parse_key
from upheld.ledger.policy import MalformedPolicy, Policy, Quorum
from upheld.ledger.rotation import KeyRange

FORMAT = "upheld/trust/1"
_MEMBERS = {"format", "logs", "witnesses", "quorum", "authorities", "max_age_days", "patience_hours"}
_MOST_DAYS = 36_500
_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


def read(text: str) -> Policy:
    """Return the policy of `text`. Raises `MalformedPolicy` saying what is wrong with which member or line."""
    try:
        return _json(text) if text.lstrip().startswith("{") else _lines(text)
    except MalformedKey as error:
        raise MalformedPolicy(f"a key of the policy: {error}") from error


def write(policy: Policy, quorum: int) -> str:
    """Return a policy whose `quorum` is a plain number, as JSON for people to keep and change."""
    fields: dict[str, object] = {
        "format": FORMAT,
        "logs": [_without_none({"key": each.key.text(), "after": each.after, "until": each.until}) for each in policy.keys],
        "witnesses": [key.text() for key in policy.witnesses],
        "quorum": quorum,
        "authorities": list(policy.authorities),
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def _json(text: str) -> Policy:
    try:
        fields = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise MalformedPolicy(f"the policy is not JSON: {error}") from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise MalformedPolicy(f"the policy does not say that its format is {FORMAT}")
    if not fields.keys() <= _MEMBERS:
        raise MalformedPolicy(f"the policy has members that nobody knows: {', '.join(sorted(fields.keys() - _MEMBERS))}")
    logs = tuple(_range(each) for each in _list(fields, "logs"))
    if not logs:
        raise MalformedPolicy("the policy trusts no log: 'logs' lists their keys")
    witnesses = tuple(parse_key(_text(each, "witnesses"), COSIGNATURE) for each in _list(fields, "witnesses"))
    needed = _number(fields, "quorum", 0)
    if needed > len(witnesses):
        raise MalformedPolicy(f"the policy asks for {needed} of {len(witnesses)} witnesses")
    days = _number(fields, "max_age_days", 0, most=_MOST_DAYS)
    return Policy(
        logs,
        witnesses,
        Quorum(needed, witnesses),
        tuple(_text(each, "authorities") for each in _list(fields, "authorities")),
        timedelta(days=days) if days else None,
        timedelta(hours=_number(fields, "patience_hours", 24, most=24 * _MOST_DAYS)),
    )


def _range(fields: object) -> KeyRange:
    if isinstance(fields, str):
        return KeyRange(parse_key(fields))
    if not isinstance(fields, dict) or not {"key"} <= fields.keys() <= {"key", "after", "until"}:
        raise MalformedPolicy("each of 'logs' is a key, or an object of key, after and until")
    until = _number(fields, "until", -1) if "until" in fields else None
    return KeyRange(parse_key(_text(fields["key"], "logs")), _number(fields, "after", -1, least=-1), until)


class _Lines:
    """What was read so far of a policy in the text format of C2SP tlog-policy."""

    def __init__(self) -> None:
        self.logs: list[KeyRange] = []
        self.named: dict[str, VerificationKey | Quorum] = {}
        self.quorums: list[Quorum] = []
        self._members: set[str] = set()

    def take(self, kind: str, name: str, rest: list[str]) -> None:
        """Take one line, by its words. Raises `MalformedPolicy`, `MalformedKey`, `KeyError` or `IndexError`."""
        if kind == "log" and len(rest) <= 1:
            self.logs.append(KeyRange(parse_key(name)))
        elif kind == "quorum" and not rest:
            member = Quorum() if name == "none" else self.named[name]
            self.quorums.append(member if isinstance(member, Quorum) else Quorum(1, (member,)))
        elif kind in ("witness", "group") and (name == "none" or name in self.named):
            raise MalformedPolicy(f"the name {name!r} is taken")
        elif kind == "witness" and 1 <= len(rest) <= 2:
            self.named[name] = parse_key(rest[0], COSIGNATURE)
        elif kind == "group":
            self.named[name] = self._group(rest[0], rest[1:])
        else:
            raise MalformedPolicy(f"{kind!r} is no line of a policy, or has too many words")

    def _group(self, threshold: str, names: list[str]) -> Quorum:
        counts = {"all": len(names), "any": 1}
        if threshold not in counts and not _COUNT.fullmatch(threshold):
            raise MalformedPolicy("a group needs all, any, or a number of its members")
        needed = counts[threshold] if threshold in counts else int(threshold)
        if len(set(names)) != len(names) or self._members & set(names) or not 1 <= needed <= len(names):
            raise MalformedPolicy("a member stands in one group once, and a group needs no more than it lists")
        self._members |= set(names)
        return Quorum(needed, tuple(self.named[name] for name in names))


def _lines(text: str) -> Policy:
    """Read lines of `log`, `witness`, `group` and one `quorum`; '#' begins a comment."""
    found = _Lines()
    for number, line in enumerate(text.split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words == [""] or words[0].startswith("#"):
            continue
        try:
            found.take(words[0], words[1], words[2:])
        except (IndexError, KeyError) as error:
            raise MalformedPolicy(f"line {number} of the policy is not understood, or names what no line above it defines") from error
        except (MalformedPolicy, MalformedKey) as error:
            raise MalformedPolicy(f"line {number} of the policy: {error}") from error
    if len(found.quorums) != 1 or not found.logs:
        raise MalformedPolicy("a policy has at least one line 'log' and exactly one line 'quorum'")
    witnesses = tuple(each for each in found.named.values() if isinstance(each, VerificationKey))
    return Policy(tuple(found.logs), witnesses, found.quorums[0])


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedPolicy("the policy says one member twice")
    return found


def _list(fields: Mapping[str, object], name: str) -> list[object]:
    found = fields.get(name, [])
    if not isinstance(found, list):
        raise MalformedPolicy(f"'{name}' is a list")
    return found


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise MalformedPolicy(f"'{name}' holds something that is not text")
    return value


def _number(fields: Mapping[str, object], name: str, default: int, least: int = 0, most: int = 2**63 - 1) -> int:
    found = fields.get(name, default)
    if type(found) is not int or not least <= found <= most:
        raise MalformedPolicy(f"'{name}' is a whole number from {least:,} to {most:,}")
    return found


def _without_none(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None and value != -1}
