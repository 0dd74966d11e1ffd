"""The Trust Center at a domain of its own: it alone answers there, and it is found nowhere else."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from upheld.notices.mail import address_of
from upheld.registers.trust import opening

OWN, PRODUCT = "trust.acme.example", "upheld.acme.example"


@pytest.fixture
def at(settings):
    """Somebody's browser, by the host that it asks."""
    settings.ADDRESS, settings.TRUST_ADDRESS = f"https://{PRODUCT}", f"https://{OWN}"
    settings.ALLOWED_HOSTS = [PRODUCT, OWN]
    return lambda host: Client(headers={"host": host}, REMOTE_ADDR="203.0.113.9", raise_request_exception=False)


def test_at_its_own_domain_there_are_its_pages_and_nothing_else(center, at):
    own = at(OWN)
    page = own.get("/").content.decode()
    assert "of 4 promises" in page and 'href="documents/acme/"' in page and 'href="/de/"' in page
    for path in ("documents/acme/", "documents/acme/index.json", "de/sub-processors/", "search/?q=backup", "subscribe/", "trust.css"):
        assert own.get(f"/{path}").status_code == 200, path
    assert own.get("/documents/acme").headers["Location"] == "/documents/acme/"
    assert own.get("/de/subscribe/").headers["Location"] == "/subscribe/"
    for path in ("sign-in/", "yours/", "registers/", "api/", "health", "static/web/upheld.css", "trust/", "scim/v2/Users"):
        answer = own.get(f"/{path}")
        assert (answer.status_code, answer.cookies) == (404, {}), path
        assert b'href="/sign-in/' not in answer.content, path
    assert own.post("/act/trust.open-trust-center/").status_code == 405


def test_everything_names_it_and_the_product_s_domain_leads_there(center, at):
    own, product = at(OWN), at(PRODUCT)
    for path in ("changes/atom.xml", "changes/feed.json", "sitemap.xml", "robots.txt"):
        said = own.get(f"/{path}").content.decode()
        assert f"https://{OWN}/" in said and PRODUCT not in said, path
    places = [line for line in own.get("/.well-known/security.txt").content.decode().splitlines() if line.startswith("Canonical")]
    assert places == [f"Canonical: https://{host}/.well-known/security.txt" for host in (OWN, PRODUCT)]
    assert product.get("/trust/documents/acme/?a=1").headers["Location"] == f"https://{OWN}/documents/acme/?a=1"
    assert product.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert product.get("/sign-in/").status_code == 200
    assert address_of("/trust/subscribe/secret/") == f"https://{OWN}/subscribe/secret/"
    assert address_of("/mine/") == f"https://{PRODUCT}/mine/"


def test_a_host_that_is_neither_and_one_on_which_nothing_is_open_tell_nothing(center, lead, at):
    assert at("elsewhere.example").get("/").status_code == 400
    opening.close_trust_center(center, by=lead, why="Not now.")
    answer = at(OWN).get("/")
    assert (answer.status_code, answer.content) == (404, b"There is no such page\n")


@pytest.mark.parametrize("product", ["", f"https://{OWN}"])
def test_a_domain_that_is_not_its_own_is_refused(product):
    said = os.environ | {"UPHELD_TRUST_ADDRESS": f"https://{OWN}", "UPHELD_ADDRESS": product, "DJANGO_SETTINGS_MODULE": "upheld.settings"}
    done = subprocess.run([sys.executable, "-c", "import upheld.settings"], env=said, capture_output=True, text=True, check=False)
    assert "UPHELD_TRUST_ADDRESS is another domain than UPHELD_ADDRESS" in done.stderr
