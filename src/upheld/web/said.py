"""Words that are made from declarations (what an action, a field, a register or a choice is called) in the language of the page.

They stand in no template, so that `makemessages` would not find them: they have a catalogue of their own, `registers.po`.
"""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from django.utils.translation import get_language

DOMAIN = "registers"
LOCALE = Path(__file__).parents[1] / "locale"


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation(DOMAIN, LOCALE, languages=[language], fallback=True)


def said(words: str) -> str:
    """Return `words`, which begin with a capital, in the language of the page; as they are where its catalogue has none for them."""
    return _catalogue(get_language() or "en").gettext(words) if words else ""


def named(words: str) -> str:
    """Return a name that is declared in small letters, as at the beginning of a line, in the language of the page."""
    return said(words[:1].upper() + words[1:])


def within(words: str) -> str:
    """Return a name that is declared in small letters as it stands within a sentence: a German noun keeps its capital."""
    return words if (get_language() or "en").startswith("en") else named(words)
