"""Public keys of SSH as files keep them: authorized_keys and host keys."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from upheld.sources.tls.certificate import describe


@dataclass(frozen=True)
class PublicLine:
    """One line of authorized_keys, or of a .pub file. `fingerprint` as `ssh-keygen -l` shows it, `blob` the key in base64."""

    fingerprint: str
    algorithm: str
    bits: int | None
    comment: str
    options: str
    blob: str = ""


def public_lines(text: str) -> Iterator[PublicLine]:
    """Yield the keys of an authorized_keys file; comments, blank and broken lines are left out."""
    for line in text.split("\n"):
        words = _words(line.strip())
        at = next((index for index, word in enumerate(words) if _is_kind(word)), None)
        if line.lstrip().startswith("#") or at is None or at + 1 >= len(words):
            continue
        try:
            blob = base64.b64decode(words[at + 1], validate=True)
        except (binascii.Error, ValueError):
            continue
        algorithm, bits = _kind_and_size(words[at], words[at + 1])
        digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        yield PublicLine(f"SHA256:{digest}", algorithm, bits, " ".join(words[at + 2 :]), " ".join(words[:at]), words[at + 1])


def _is_kind(word: str) -> bool:
    return word.startswith(("ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-")) and '"' not in word


def _words(line: str) -> list[str]:
    """Split at blanks outside double quotes: options may quote commands with blanks."""
    words, word, quoted, escaped = [], "", False, False
    for letter in line:
        if letter == '"' and not escaped:
            quoted = not quoted
        escaped = letter == "\\" and not escaped
        if letter in " \t" and not quoted:
            if word:
                words.append(word)
            word = ""
        else:
            word += letter
    return [*words, word] if word else words


def _kind_and_size(kind: str, blob: str) -> tuple[str, int | None]:
    try:
        return describe(serialization.load_ssh_public_key(f"{kind} {blob}".encode()))
    except (ValueError, UnsupportedAlgorithm):
        plain = kind.removeprefix("sk-")
        return ("Ed25519", 256) if "ed25519" in plain else ("EC", 256) if "ecdsa" in plain else (kind, None)
