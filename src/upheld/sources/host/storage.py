"""Answers of a host -> rows of volumes: what is mounted, and whether all that is written there is encrypted."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from upheld.evidence.table import Value
from upheld.sources.host.answers import Answers, Part
from upheld.sources.host.machine import mounts


@dataclass(frozen=True)
class Block:
    """A block device and those it lies on, nearest first."""

    path: str
    kind: str
    below: tuple["Block", ...]

    @property
    def crypt(self) -> "Block | None":
        """Itself or the first below it that encrypts."""
        return next((block for block in (self, *self.below) if block.kind == "crypt"), None)


def blocks(answers: Answers) -> Mapping[str, list[Block]]:
    """Return what lsblk lists, by path; a device that lies on several others comes once for each."""
    try:
        top = json.loads(answers.of("blocks").text)["blockdevices"]
    except (ValueError, KeyError, TypeError):
        return {}
    found: dict[str, list[Block]] = {}
    for node in top:
        _collect(node, (), found)
    return found


def _collect(node: Mapping[str, object], below: tuple[Block, ...], found: dict[str, list[Block]]) -> None:
    block = Block(str(node.get("path") or node.get("name")), str(node.get("type")), below)
    found.setdefault(block.path, []).append(block)
    children = node.get("children")
    for child in children if isinstance(children, list) else []:
        _collect(child, (block, *below), found)


def volumes(answers: Answers, system: str) -> Part:
    """Return mounted file systems on block devices or of unknown kind, and swap areas. zram is memory, not storage."""
    part, devices, how = Part("volumes"), blocks(answers), luks(answers)
    for mount in mounts(answers):
        source = re.sub(r"\[.*\]$", "", str(mount.get("source")))  # btrfs says which subvolume in brackets
        row = _volume(system, str(mount["target"]), source, devices, how)
        part.rows.append({**row, "size_bytes": _int(mount.get("size")), "used_bytes": _int(mount.get("used"))})
    for line in answers.of("swaps").text.split("\n")[1:]:
        words = line.split()
        if len(words) >= 4 and not words[0].startswith("/dev/zram"):
            source = _holding(words[0], answers) if words[1] == "file" else words[0]
            row = _volume(system, f"swap:{words[0]}", source, devices, how)
            part.rows.append({**row, "size_bytes": int(words[2]) * 1024, "used_bytes": int(words[3]) * 1024})
    for name in ("mounts", "swaps"):
        if not answers.of(name).whole:
            part.cut_short.append(f"{name}: {answers.of(name).why}")
    if any(row.get("encrypted") is None for row in part.rows):
        part.lack(["encrypted"], "a device is not among those that lsblk shows (a container, a network or pooled file system)")
    return part


def _int(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None


def _holding(path: str, answers: Answers) -> str:
    """The device of the file system that holds the file at `path`."""
    holding = [mount for mount in mounts(answers) if path.startswith(str(mount["target"]).rstrip("/") + "/")]
    return str(max(holding, key=lambda mount: len(str(mount["target"])))["source"]) if holding else path


def _volume(system: str, mounted_on: str, source: str, devices: Mapping[str, list[Block]], how: Mapping[str, str]) -> dict[str, Value]:
    lies_on = devices.get(source, [])
    crypts = [block.crypt for block in lies_on]
    encrypted = all(crypts) if lies_on else None
    words = [how.get(block.path, "") for crypt in crypts if crypt for block in crypt.below]
    kind = next((word for word in words if word), "dm-crypt" if encrypted else None)
    return {
        "id": f"{system}{mounted_on}" if mounted_on.startswith("/") else f"{system}/{mounted_on}",
        "system_id": system,
        "mounted_on": mounted_on,
        "device": source,
        "encrypted": encrypted,
        "how": kind if encrypted else None,
    }


def luks(answers: Answers) -> dict[str, str]:
    """Return what the LUKS header of each device says, such as `LUKS2 aes-xts-plain64 argon2id`."""
    found = {}
    for part in answers.of("luks").text.split("@")[1:]:
        device, _, said = part.partition("\n")
        version = re.search(r"^Version:\s*(\d+)", said, re.MULTILINE)
        cipher = re.search(r"^\s*cipher:\s*(\S+)", said, re.MULTILINE)
        old = re.search(r"^Cipher name:\s*(\S+)[\s\S]*?^Cipher mode:\s*(\S+)", said, re.MULTILINE)
        words = [f"LUKS{version[1]}" if version else "LUKS", cipher[1] if cipher else "-".join(old.groups()) if old else ""]
        found[device] = " ".join([*words, *sorted(set(re.findall(r"PBKDF:\s*(\S+)", said)))]).strip()
    return found
