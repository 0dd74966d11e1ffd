"""Attacks 36 to 54: texts that were genuinely logged, hashed and signed, and should never have been: each is named."""

from functools import partial
from pathlib import Path

from tests.ledger.forging import GENUINE, IDS, logged, members, verified, write_zip


def shown(text: bytes, folder: Path) -> list[str]:
    """Return what the verifier says is wrong with a log whose entry 2 is `text`."""
    return verified(write_zip(folder / "export.zip", members([*GENUINE[:2], text]).items())).failed


def _with(body: bytes) -> bytes:
    """Return an entry as it must be, but for its body."""
    whole = logged(3)
    assert whole.count(b'{"n":3}') == 1
    return whole.replace(b'{"n":3}', body)


FORM = "entry 2 is JSON, but not in its canonical form"
NUMBER = "entry 2 is .* is a number that is not an integer"
TEXTS = {
    36: ("a key twice", _with(b'{"n":3,"n":3}'), FORM),
    37: ("keys out of order", _with(b'{"z":1,"n":3}'), FORM),
    38: ("a space", _with(b'{"n": 3}'), FORM),
    39: ("1.0", _with(b'{"n":1.0}'), NUMBER),
    40: ("1e2", _with(b'{"n":1e2}'), NUMBER),
    41: ("NaN", _with(b'{"n":NaN}'), NUMBER),
    42: ("-0", _with(b'{"n":-0}'), FORM),
    43: ("an integer beyond 2^53", _with(b'{"n":9007199254740993}'), r"entry 2 is an integer beyond 2\^53-1"),
    44: ("an integer of 5,000 digits", _with(b'{"n":' + b"9" * 5000 + b"}"), "entry 2 is not JSON: Exceeds the limit"),
    45: ("a needless escape", _with(b'{"n":"\\u0041"}'), FORM),
    46: ("a lone surrogate", _with(b'{"n":"\\ud800"}'), "entry 2 is (not JSON|JSON, but not)"),
    47: ("invalid UTF-8", _with(b'{"n":"\xff"}'), "entry 2 is not JSON: .*invalid start byte"),
    48: ("a byte-order mark", b"\xef\xbb\xbf" + logged(3), "entry 2 is not JSON"),
    49: ("30,000 levels", _with(b'{"n":' + b"[" * 30_000 + b"]" * 30_000 + b"}"), "entry 2 is (nested too deep|more than 16 levels deep)"),
    50: ("a list", b"[" + logged(3) + b"]", "entry 2 an entry is an object"),
    51: ("nothing", b"", "entry 2 is not JSON"),
    52: ("a version nobody knows", logged(3, v=2), "entry 2 version 2 is unknown"),
    53: ("two values", logged(3) + logged(4), "entry 2 is not JSON: Extra data"),
    54: ("an id twice", logged(3, id=IDS[1]), f"entry 2 has the id {IDS[1]}, which an earlier one has"),
}
ATTACKS = {number: (what, partial(shown, text), why) for number, (what, text, why) in TEXTS.items()}
