"""Attacks 17 to 35: checkpoints that look like one of the log's and are none. Each with the number it has in the list of attacks."""

import base64
from functools import partial
from pathlib import Path

from tests.ledger.forging import GENUINE, OWNER, SIZE, members, verified, write_zip
from tests.ledger.given import ORIGIN

from upheld.ledger import checkpoint, keys
from upheld.ledger.checkpoint import Checkpoint, MalformedKey, Signature, VerificationKey
from upheld.ledger.keys import FileSigner

MEMBERS = members(GENUINE)
NOTE = MEMBERS["checkpoint"].decode()
GOOD, (SIGNED,) = checkpoint.parse(NOTE.encode())
ROOT = base64.b64encode(GOOD.root).decode()
ORDER = 2**252 + 27742317777372353535851937790883648493


def shown(note: str, folder: Path) -> list[str]:
    """Return what the verifier says is wrong with the genuine export under the checkpoint `note`."""
    return verified(write_zip(folder / "export.zip", {**MEMBERS, "checkpoint": note.encode()}.items())).failed


def small_order(folder: Path) -> list[str]:
    """Return why a key under which any signature fits is not taken."""
    try:
        VerificationKey(ORIGIN, (1).to_bytes(32, "little"))
    except MalformedKey as error:
        return [str(error)]
    return []


def _resized(text: str) -> str:
    return NOTE.replace(f"\n{SIZE}\n", f"\n{text}\n", 1)


def _rooted(text: str) -> str:
    return NOTE.replace(ROOT, text, 1)


def _signed(*signatures: Signature) -> str:
    return checkpoint.note(GOOD, signatures)


OTHER = "example.com/ledger/other/1"
ELSEWHERE = keys.sign(Checkpoint(OTHER, SIZE, GOOD.root), FileSigner(OTHER, bytes(range(32))))
SHIFTED = (int.from_bytes(SIGNED.signature[32:], "little") + ORDER).to_bytes(32, "little")
NOTES = {
    17: (
        "another origin, the same key",
        ELSEWHERE,
        "is of 'example",
    ),
    18: ("a size 0700", _resized("0700"), "the size '0700' is not"),
    19: ("a size +700", _resized("+700"), r"the size '\+700' is not"),
    20: ("a size in Arabic-Indic digits", _resized("٧٠٠"), "the size '٧٠٠' is not"),
    21: ("a size 7_00", _resized("7_00"), "the size '7_00' is not"),
    22: ("a size -1", _resized("-1"), "the size '-1' is not"),
    23: ("a size of 2^70", _resized(str(2**70)), "the size '1180591620717411303424' is not"),
    24: ("a root of 31 bytes", _rooted(base64.b64encode(bytes(31)).decode()), "is not the base64 of 32 bytes"),
    25: ("a root with spare bits set", _rooted(ROOT[:-2] + chr(ord(ROOT[-2]) + 1) + "="), "is not the base64 of 32 bytes"),
    26: ("a root with a space", _rooted(ROOT[:9] + " " + ROOT[9:]), "is not the base64 of 32 bytes"),
    27: ("an extension line", _rooted(ROOT + "\nextension"), "has 4 lines before its signatures"),
    28: ("carriage returns", NOTE.replace("\n", "\r\n"), "control character"),
    29: ("no final newline", NOTE[:-1], "does not end in a blank line, signatures and a newline"),
    30: ("no signature", GOOD.text() + "\n", "has 0 signatures|does not end in a blank line"),
    31: ("a hyphen for the em dash", NOTE.replace("— ", "- "), "does not begin with an em dash"),
    32: (
        "a good signature, and a failing one by the same key",
        _signed(SIGNED, Signature(ORIGIN, OWNER.key.id, bytes(64))),
        "does not fit the checkpoint",
    ),
    33: ("101 signatures", _signed(SIGNED, *[Signature(f"w{n}", bytes(4), bytes(64)) for n in range(100)]), "has 101 signatures"),
    34: (
        "a signature shifted by the order of the group",
        _signed(Signature(ORIGIN, OWNER.key.id, SIGNED.signature[:32] + SHIFTED)),
        "does not fit the checkpoint",
    ),
}
ATTACKS = {number: (what, partial(shown, note), why) for number, (what, note, why) in NOTES.items()} | {
    35: ("a key of small order", small_order, "small order")
}
