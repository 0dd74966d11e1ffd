"""The German catalogue: built from what is in the repository, complete for the shell and for signing in."""

import gettext
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from tests.labs import require
from tests.world import browser, world

import upheld
from upheld.ledger import sequencer

HERE = Path(upheld.__file__).parent
CATALOGUE = HERE / "locale" / "de" / "LC_MESSAGES" / "django.mo"
SAID = [
    HERE / "web" / "templates" / "web" / "base.html",
    HERE / "web" / "people.py",
    HERE / "web" / "page.py",
    HERE / "web" / "sight.py",
    *(HERE / "accounts").glob("*.py"),
    *(HERE / "web" / "signing").glob("*.py"),
    *(
        each
        for folder in ("web/signing", "web/people", "web/logs", "account", "mfa")
        for each in (HERE / "web" / "templates" / folder).rglob("*.html")
    ),
]
IN_TEMPLATE = re.compile(r'{% translate "([^"]+)"')
IN_BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.*?){% (?:plural|endblocktranslate) %}", re.DOTALL)
IN_PYTHON = re.compile(r'(?<![A-Za-z])_\(\s*"([^"]+)"')


def messages(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(key): value for key, value in gettext.GNUTranslations(file)._catalog.items() if key}


def said() -> set[str]:
    found = set()
    for path in SAID:
        text = path.read_text(encoding="utf-8")
        found |= {*IN_TEMPLATE.findall(text), *IN_PYTHON.findall(text)}
        found |= {re.sub(r"{{ (\w+) }}", r"%(\1)s", block) for block in IN_BLOCK.findall(text)}
    return found


def test_everything_said_when_signing_in_is_said_in_german_too():
    known = {re.sub(r"^\('(.*)', \d\)$", r"\1", key).replace("\\'", "'") for key in messages(CATALOGUE)}
    missing = sorted(said() - known)
    assert len(said()) > 100
    assert missing == [], "run make catalogues, translate what is new in django.po, and run it again"


def test_the_catalogue_is_built_from_the_text_beside_it(tmp_path):
    require("msgfmt")
    subprocess.run(["msgfmt", "-o", tmp_path / "built.mo", CATALOGUE.with_suffix(".po")], check=True, capture_output=True)
    assert messages(tmp_path / "built.mo") == messages(CATALOGUE), "run make catalogues"


@pytest.fixture
def ledger(workspace, noon):
    sequencer.init("test.example/ledger/main/1")
    return workspace


def test_pages_speak_the_language_of_the_browser_and_the_one_that_was_chosen(ledger):
    german = Client(headers={"Accept-Language": "de-AT,de;q=0.9"})
    page = german.get("/sign-in/").content.decode()
    assert '<html lang="de">' in page and "<h1>Anmelden</h1>" in page and "Passwort" in page
    bob = browser(world().bob)
    assert bob.post("/language/", {"language": "de", "next": "/account/"}).headers["Location"] == "/account/"
    page = bob.get("/account/").content.decode()
    assert "Mein Konto" in page and "1. Januar 2026" in page and "Zum Inhalt springen" in page
    untranslated = bob.get("/measures/").content.decode()
    assert '<html lang="de">' in untranslated and '<main id="content" class="wide" lang="en">' in untranslated
