"""Sudoers files -> rules: continuation lines, comments, quotes, aliases, tags, run-as, Defaults that waive the password (sudoers(5))."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

ALIAS = re.compile(r"^[A-Z][A-Z0-9_]*$")
ALIASES = re.compile(r"^(User|Runas|Host|Cmnd|Cmd)_Alias\s+(.*)$", re.DOTALL)
DEFAULTS = re.compile(r"^Defaults(?P<scope>[@:!>]\s*\S+)?\s+(?P<settings>.*)$", re.DOTALL)
INCLUDE = re.compile(r"^[#@]include(?P<folder>dir)?\s+\"?(?P<path>[^\"]+?)\"?\s*$")
OPTION = re.compile(r"^(ROLE|TYPE|PRIVS|LIMITPRIVS|APPARMOR_PROFILE|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER)\s*=\s*(\"[^\"]*\"|\S+)\s*")
TAG = re.compile(r"^((?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT))\s*:\s*")
BEFORE_COLON = re.compile(r"(?:(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)|sha(?:224|256|384|512))\s*$")
DIGEST = re.compile(r"^(!?)\s*sha(?:224|256|384|512)\s*:\s*\S+\s+")


@dataclass(frozen=True)
class Rule:
    """One right: `holder` is a user, %group, #uid or ALL; `run_as` a user or ALL; `command` as written, aliases resolved."""

    holder: str
    run_as: str
    command: str
    needs_password: bool
    file: str
    line: int


@dataclass
class Sudoers:
    """What the files say together. `unread`: sentences about lines and files that could not be understood or read."""

    rules: list[Rule] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass
class _State:
    aliases: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    waived: set[str] = field(default_factory=set)  # users for whom Defaults says !authenticate; "" is everybody
    specs: list[tuple[str, int, str]] = field(default_factory=list)


def parse(files: Mapping[str, str], *, start: str = "/etc/sudoers", host: str = "") -> Sudoers:
    """Read `start` and what it includes out of `files` (path -> text); `host` is the machine's name, for rules meant for others."""
    found, state = Sudoers(), _State()
    _read(files, start, host, state, found, seen=frozenset())
    for path, line, spec in state.specs:
        try:
            found.rules.extend(_rules(spec, path, line, host, state))
        except ValueError as error:
            found.unread.append(f"{path}:{line}: {error}")
    return found


def _read(files: Mapping[str, str], path: str, host: str, state: _State, found: Sudoers, seen: frozenset[str]) -> None:
    if path in seen or len(seen) > 128:
        found.unread.append(f"{path} includes itself")
        return
    if path not in files:
        found.unread.append(f"{path} is included but could not be read")
        return
    for line, text in logical_lines(files[path]):
        include = INCLUDE.match(text)
        if include:
            for part in _included(files, include["path"].replace("%h", host), path, folder=bool(include["folder"])):
                _read(files, part, host, state, found, seen | {path})
            continue
        _take(path, line, text, state)


def _included(files: Mapping[str, str], named: str, by: str, *, folder: bool) -> list[str]:
    """A folder's files in lexical order, without those that sudo skips: a dot in the name, or ~ at its end."""
    named = named.replace("\\ ", " ")
    path = named if named.startswith("/") else f"{by.rpartition('/')[0]}/{named}"
    if not folder:
        return [path]
    start = f"{path.rstrip('/')}/"
    names = sorted(part[len(start) :] for part in files if part.startswith(start))
    return [start + name for name in names if "/" not in name and "." not in name and not name.endswith("~")]


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number of first line, text) with continuations joined and comments gone; blank ones are left out."""
    held, first = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        first = first or number
        line = raw.rstrip("\r")
        if INCLUDE.match((held + line).strip()):
            yield first, (held + line).strip()
            held, first = "", 0
            continue
        line = _uncommented(line)
        if line.endswith("\\") and not line.endswith("\\\\"):
            held += line[:-1] + " "
            continue
        whole = (held + line).strip()
        if whole:
            yield first, whole
        held, first = "", 0
    if held.strip():
        yield first, held.strip()


def _uncommented(line: str) -> str:
    """A # begins a comment unless escaped, quoted, or in front of a number (a user or group id)."""
    quoted = False
    for at, letter in enumerate(line):
        if letter == '"' and line[at - 1 : at] != "\\":
            quoted = not quoted
        if letter == "#" and not quoted and line[at - 1 : at] != "\\" and not re.match(r"#\d+\b", line[at:]):
            return line[:at]
    return line


def _take(path: str, line: int, text: str, state: _State) -> None:
    alias, defaults = ALIASES.match(text), DEFAULTS.match(text)
    if alias:
        kind = "Cmnd" if alias[1] == "Cmd" else alias[1]
        for part in _split(alias[2], ":"):
            name, _, members = part.partition("=")
            state.aliases[kind, name.strip()] = _split(members, ",")
    elif defaults:
        _defaults(defaults, state)
    else:
        state.specs.append((path, line, text))


def _defaults(said: re.Match[str], state: _State) -> None:
    scope = (said["scope"] or "").strip()
    if scope and not scope.startswith(":"):
        return
    users = [user.strip() for user in scope[1:].split(",")] if scope else [""]
    settings = {part.strip().replace(" ", "") for part in _split(said["settings"], ",")}
    if "!authenticate" in settings:
        state.waived.update(users)
    elif "authenticate" in settings:
        state.waived.difference_update(users)


def _split(text: str, separator: str) -> list[str]:
    """Split at every `separator` that separates; empty parts are left out."""
    cuts = [-1, *_separators(text, separator), len(text)]
    parts = (text[start + 1 : end].strip() for start, end in pairwise(cuts))
    return [part for part in parts if part]


def _separators(text: str, separator: str) -> Iterator[int]:
    """Yield where `separator` stands outside quotes, parentheses and escapes; a colon after a tag or a digest's name separates nothing."""
    last, depth, quoted, escaped = 0, 0, False, False
    for at, letter in enumerate(text):
        plain = not (escaped or quoted)
        if plain and depth == 0 and letter == separator and not (separator == ":" and BEFORE_COLON.search(text[last:at])):
            yield at
            last = at + 1
        elif letter == '"' and not escaped:
            quoted = not quoted
        elif plain and letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
        escaped = letter == "\\" and not escaped


def _rules(spec: str, path: str, line: int, host: str, state: _State) -> Iterator[Rule]:
    sections = _split(spec, ":") or [""]
    left, equals, first = _partition(sections[0])
    if not equals:
        raise ValueError("no = in it: not a rule that can be read")
    users, hosts = _users_and_hosts(left)
    pairs = [(hosts, first)]
    for section in sections[1:]:
        other, _, commands = _partition(section)
        pairs.append((_split(other, ","), commands))
    for meant_for, commands in pairs:
        if not _meant(meant_for, host, state):
            continue
        for rule in _commands(commands, state):
            for user in _positive(_resolved("User", users, state)):
                waived = bool({"", user} & state.waived)
                yield replace(rule, holder=_bare(user), needs_password=rule.needs_password and not waived, file=path, line=line)


def _partition(text: str) -> tuple[str, bool, str]:
    """Cut at the first = that separates; later ones belong to digests, options and arguments."""
    at = next(_separators(text, "="), None)
    return (text, False, "") if at is None else (text[:at], True, text[at + 1 :])


def _users_and_hosts(left: str) -> tuple[list[str], list[str]]:
    """The blank that no comma stands beside parts users from hosts."""
    tidy = re.sub(r"\s*,\s*", ",", re.sub(r"!\s+", "!", left.strip()))
    words = re.findall(r"(?:\"[^\"]*\"|\\.|[^\s\"\\])+", tidy)
    if len(words) != 2:
        raise ValueError("users and hosts cannot be told apart")
    return _split(words[0], ","), _split(words[1], ",")


def _commands(text: str, state: _State) -> Iterator[Rule]:
    """Run-as and tags hold for the commands after them too, until changed."""
    run_as, needs_password = ["root"], True
    for item in _split(text, ","):
        rest = item
        if rest.startswith("("):
            inside, _, rest = rest[1:].partition(")")
            run_as = _run_as(inside, state)
        rest = rest.strip()
        while match := OPTION.match(rest) or TAG.match(rest):
            if match[1].endswith("PASSWD"):
                needs_password = match[1] == "PASSWD"
            rest = rest[match.end() :]
        for command in _resolved("Cmnd", [rest], state):
            for user in run_as:
                yield Rule("", user, re.sub(r"\s+", " ", DIGEST.sub(r"\1", command)), needs_password, "", 0)


def _run_as(inside: str, state: _State) -> list[str]:
    """(users : groups); with groups alone the command runs as the caller, which is said as :group."""
    users, _, groups = inside.partition(":")
    found = _resolved("Runas", _split(users, ","), state)
    if found:
        return [_bare(user) for user in found]
    return [f":{_bare(group)}" for group in _split(groups, ",")] or ["root"]


def _resolved(kind: str, items: Iterable[str], state: _State, seen: frozenset[str] = frozenset()) -> list[str]:
    """Replace aliases by their members, through aliases of aliases; a negated alias negates its members."""
    found: list[str] = []
    for item in items:
        bare = item.lstrip("! \t")
        negated = item[: len(item) - len(bare)].count("!") % 2 == 1
        members = state.aliases.get((kind, bare)) if ALIAS.match(bare) and bare != "ALL" and bare not in seen else None
        inner = [bare] if members is None else _resolved(kind, members, state, seen | {bare})
        found += [_negated(part) if negated else part for part in inner]
    return found


def _negated(item: str) -> str:
    return item[1:] if item.startswith("!") else f"!{item}"


def _positive(items: Iterable[str]) -> list[str]:
    """Who gets it. Who is left out by ! has it not by this rule; ALL with exceptions stays ALL."""
    held = list(items)
    return [item for item in held if not item.startswith("!") and f"!{item}" not in held]


def _meant(hosts: Iterable[str], host: str, state: _State) -> bool:
    """Whether a rule may be for this host: only plain names of others leave it out; addresses and netgroups may be ours."""
    names = {host, host.partition(".")[0]}
    return any(_may_be(item, names) for item in _resolved("Host", hosts, state) if not item.startswith("!"))


def _may_be(item: str, names: set[str]) -> bool:
    return item == "ALL" or item in names or not host_name(item) or names == {""}


def host_name(item: str) -> bool:
    """Whether `item` is a plain host name, neither address, netgroup nor pattern."""
    return bool(re.fullmatch(r"[A-Za-z0-9_.-]+", item)) and not re.fullmatch(r"[\d.]+", item)


def _bare(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name.replace('"', ""))
