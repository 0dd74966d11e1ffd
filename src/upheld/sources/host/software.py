"""Answers of a host -> rows of packages, package_deviations and privileged_files."""

import fnmatch
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from upheld.evidence.table import Row
from upheld.sources.host.answers import ABSENT, NO_SUCH_PROGRAM, Answers, Part, printable
from upheld.sources.host.endpoint import device_id

# dpkg --verify: "missing   c /etc/x" or "??5?????? c /etc/x"; rpm -Va: "S.5....T.  c /etc/x".
# What could not be read is "?????????", or "missing     /x (Permission denied)".
DEVIATION = re.compile(
    r"^(?P<marks>missing|[?.A-Za-z0-9]{8,9})\s+(?P<kind>[a-z] )?\s*(?P<path>/.*?)"
    r"(?P<error> \((?:Permission denied|Input/output error|Too many levels of symbolic links)\))?$"
)
NOT_THERE = frozenset({ABSENT, NO_SUCH_PROGRAM})


def packages(answers: Answers, system: str) -> Part:
    """Return the packages of dpkg and rpm; `verified` where the vendor's digests are there and were compared."""
    part = Part("packages")
    digests = _with_digests(answers) if answers.of("verify").whole else set[str]()
    unread = _of_unread_files(answers)
    for line in answers.of("dpkg").text.split("\n"):
        words = line.split("\t")
        if len(words) == 4 and words[0][1:2] == "i":
            _, name, architecture, version = words
            names = {name, f"{name}:{architecture}"}
            part.rows.append(_package(system, "dpkg", name, architecture, version, None if names & unread else bool(names & digests)))
    part.rows += _rpm_packages(answers, system)
    if any(row["verified"] is None for row in part.rows):
        part.deny(["verified"], "files of some packages may not be read by this account")
    _say_if_unread(part, answers, ("dpkg", "rpm"))
    return part


def endpoint_software(answers: Answers, system: str) -> Part:
    """Return the packages of somebody's endpoint as the software that it has."""
    listed, device = packages(answers, system), device_id(answers, system)
    rows: list[Row] = []
    for row in listed.rows:
        about: Row = {name: row[name] for name in ("manager", "name", "version")}
        rows.append({"id": f"{device}/{str(row['id']).removeprefix(f'{system}/')}", "device_id": device, **about})
    return Part("endpoint_software", rows, cut_short=listed.cut_short)


def _rpm_packages(answers: Answers, system: str) -> list[Row]:
    """Of some packages (kernels) rpm keeps several versions side by side; their ids carry the version."""
    found = [line.split("\t") for line in answers.of("rpm").text.split("\n") if line.count("\t") == 2]
    beside = Counter((name, architecture) for name, architecture, _ in found)
    rows = []
    for name, architecture, version in found:
        row = _package(system, "rpm", name, architecture, version, answers.of("verify_rpm").whole)
        rows.append(row if beside[name, architecture] == 1 else {**row, "id": f"{row['id']}={version}"})
    return rows


def _package(system: str, manager: str, name: str, architecture: str, version: str, verified: bool | None) -> Row:
    return {
        "id": f"{system}/{manager}/{name}:{architecture}",
        "system_id": system,
        "manager": manager,
        "name": name,
        "version": version,
        "verified": verified,
    }


def _with_digests(answers: Answers) -> set[str]:
    return {line.removeprefix("./").removesuffix(".md5sums") for line in answers.of("digests").text.split("\n") if line}


def _say_if_unread(part: Part, answers: Answers, names: tuple[str, ...]) -> None:
    for name in names:
        if not answers.of(name).whole and answers.of(name).status not in NOT_THERE:
            part.cut_short.append(f"{name}: {answers.of(name).why}")
    if all(answers.of(name).status in NOT_THERE for name in names):
        part.cut_short.append("neither dpkg nor rpm is on this host, or it was not asked")


def package_deviations(answers: Answers, system: str) -> Part:
    """Return the files that differ from what their package brought. Files that dpkg was told not to install are not missing."""
    part = Part("package_deviations")
    owners, left_out, architectures = _owners(answers), _left_out(answers), _architectures(answers)
    found = list(_deviations(answers))
    for what, configuration, path in found:
        if what == "unread" or (what == "missing" and left_out(path)):
            continue
        owner = owners.get(path)
        part.rows.append(
            {
                "id": f"{system}{printable(path)}",
                "system_id": system,
                "package_id": _package_id(system, owner, architectures) if owner else None,
                "path": printable(path),
                "what": what,
                "is_configuration": configuration,
            }
        )
    unread = [path for what, _, path in found if what == "unread"]
    if unread:
        part.cut_short.append(f"{len(unread)} files of packages may not be read by this account, such as {printable(unread[0])}")
    if answers.ended and "verify" not in answers.sections:
        part.cut_short.append("packages were not compared with their vendor's digests, since the setting verify is not yes")
    else:
        _say_if_unread(part, answers, ("verify", "verify_rpm"))
    return part


def _package_id(system: str, owner: str, architectures: Mapping[str, str]) -> str:
    name, _, architecture = owner.partition(":")
    return f"{system}/dpkg/{name}:{architecture or architectures.get(name, 'all')}"


def _architectures(answers: Answers) -> dict[str, str]:
    lines = (line.split("\t") for line in answers.of("dpkg").text.split("\n"))
    return {words[1]: words[2] for words in lines if len(words) == 4}


def _owners(answers: Answers) -> dict[str, str]:
    return owners_of(answers.of("verify").text.partition("@owners\n")[2])


def _of_unread_files(answers: Answers) -> set[str]:
    """The packages whose files could not all be compared."""
    owners = _owners(answers)
    return {owners[path] for what, _, path in _deviations(answers) if what == "unread" and path in owners}


def _deviations(answers: Answers) -> Iterator[tuple[str, bool, str]]:
    """Yield (changed, missing or unread; whether it is configuration; path) of what dpkg and rpm list."""
    listed = answers.of("verify").text.partition("@owners\n")[0]
    for line in [*listed.split("\n"), *answers.of("verify_rpm").text.split("\n")]:
        match = DEVIATION.match(line)
        if match is None:
            continue
        digest = match["marks"][2:3]
        what = "missing" if match["marks"] == "missing" else {"5": "changed", "?": "unread"}.get(digest, "")
        if what:
            yield "unread" if match["error"] else what, (match["kind"] or "").strip() == "c", match["path"]


def _left_out(answers: Answers) -> "LeftOut":
    rules = []
    for line in answers.of("excluded").text.split("\n"):
        word, _, pattern = line.partition("=")
        if pattern:
            rules.append((word.strip() == "path-exclude", pattern.strip()))
    return LeftOut(rules)


class LeftOut:
    """Which paths dpkg's path-exclude and path-include keep from being installed: the last rule that matches counts (dpkg(1))."""

    def __init__(self, rules: list[tuple[bool, str]]) -> None:
        self._rules = [(excludes, re.compile(fnmatch.translate(pattern))) for excludes, pattern in rules]

    def __call__(self, path: str) -> bool:
        """Whether `path` was kept out on purpose."""
        said = [excludes for excludes, pattern in self._rules if pattern.match(path)]
        return bool(said) and said[-1]


def owners_of(text: str) -> dict[str, str]:
    """Return the package of each path out of `dpkg-query -S`: `name, name:arch: /path`; diversions own nothing."""
    found = {}
    for line in text.split("\n"):
        names, colon, path = line.partition(": /")
        if colon and not line.startswith("diversion by "):
            found[f"/{path}"] = names.split(", ")[0]
    return found


def privileged_files(answers: Answers, system: str, root: str) -> Part:
    """Return files with setuid, setgid or capabilities below the scanned folders. `root` is taken off their paths."""
    part = Part("privileged_files")
    files: dict[str, dict[str, str]] = {}
    for folder, section in answers.starting("setuid").items():
        closed = _take_setuid(section.text, root, files)
        _take_capabilities(answers.of(f"capabilities {folder}").text, root, files)
        _take_digests(answers.of(f"digest {folder}").text, root, files)
        if not section.whole:
            part.cut_short.append(f"search for setuid files below {folder}: {section.why}")
        if closed:
            part.cut_short.append(
                f"{len(closed)} folders below {folder} may not be searched by this account, such as {printable(closed[0])}"
            )
    owners = owners_of("\n".join(section.text for section in answers.starting("owner").values()))
    no_owner_told = [section for section in answers.starting("owner").values() if not section.whole]
    for path, said in files.items():
        package = owners.get(path) or owners.get(path.removeprefix("/usr"))  # /bin is a link to /usr/bin, and older packages say /bin
        part.rows.append({"id": f"{system}{printable(path)}", "system_id": system, "path": printable(path), "package": package, **said})
    if no_owner_told:
        part.lack(["package"], f"dpkg-query -S: {no_owner_told[0].why}")
    _say_capabilities(part, answers)
    return part


def _say_capabilities(part: Part, answers: Answers) -> None:
    for section in answers.starting("capabilities").values():
        if not section.whole:
            part.lack(["capabilities"], f"getcap: {section.why}")


def _inside(path: str, root: str) -> str:
    return "/" + path.removeprefix(root).lstrip("/")


def _take_setuid(text: str, root: str, files: dict[str, dict[str, str]]) -> list[str]:
    """Put the files into `files`, and return the folders that could not be searched."""
    closed = []
    for record in text.split("\0"):
        mode, _, rest = record.partition(" ")
        owner, _, path = rest.partition(" ")
        if path and mode == "0":
            closed.append(_inside(path, root))
        elif path:
            files[_inside(path, root)] = {"mode": mode, "owner": owner}
    return closed


def _take_capabilities(text: str, root: str, files: dict[str, dict[str, str]]) -> None:
    """getcap prints `PATH cap_x=ep`; before libcap 2.41 `PATH = cap_x+ep`."""
    for line in text.split("\n"):
        path, _, capabilities = line.rpartition(" ")
        if path.startswith("/") and "cap_" in capabilities:
            files.setdefault(_inside(path.removesuffix(" ="), root), {})["capabilities"] = capabilities


def _take_digests(text: str, root: str, files: dict[str, dict[str, str]]) -> None:
    for record in text.split("\0"):
        digest, _, path = record.partition("  ")
        if len(digest) == 64 and _inside(path, root) in files:
            files[_inside(path, root)]["digest"] = digest
