"""Hidden characters are shown as escapes, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.evidence.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Zoë O'Brien-Šmíd", "Zoë O'Brien-Šmíd"),
        ("山田 太郎", "山田 太郎"),
        ("a\x00b", r"a\x00b"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x7f\x85\x9b", r"\x7f\x85\x9b"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("ad\u200bmin", r"ad\u200bmin"),
        ("ad\xadmin", r"ad\xadmin"),
        ("\ufeffa\u2028b", r"\ufeffa\u2028b"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_escape(text, shown):
    assert visible(text) == shown


def test_what_is_kept_stays():
    assert visible("a\nb\tc\x1b", keep="\n\t") == "a\nb\tc\\x1b"


@given(st.text(st.characters(codec=None)))
def test_what_is_shown_can_be_printed_and_is_shown_the_same_again(text):
    shown = visible(text)
    shown.encode()
    assert all(each >= " " and not "\x7f" <= each <= "\x9f" for each in shown)
    assert visible(shown) == shown
