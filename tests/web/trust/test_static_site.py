"""The Trust Center as a folder: the same pages, every link leads to a file, and nothing of somebody else's is overwritten."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from upheld.cli.exporting.site import site
from upheld.exports.papers.paper import Audience, paper
from upheld.exports.position import position
from upheld.sources import configured
from upheld.web.trust.gathering import gather
from upheld.web.trust.site import Site
from upheld.web.trust.writing import LIST, NotOurs, write


def test_every_link_of_every_page_leads_to_a_file(center, tmp_path):
    out = tmp_path / "out"
    assert CliRunner().invoke(site, [str(out)]).exit_code == 0
    pages = sorted(out.rglob("*.html"))
    assert len(pages) >= 11
    links = {(page, unescape(link)) for page in pages for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text(encoding="utf-8"))}
    inside = {(page, link) for page, link in links if not link.startswith(("mailto:", "https:"))}
    assert len(inside) > 100
    for page, link in inside:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.is_file(), (page, link)
        assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), (page, link)
    text = (out / "documents" / "acme" / "index.html").read_text(encoding="utf-8")
    assert "Accounts of people who leave" in text and "<form" not in text and "Content-Security-Policy" in text
    assert (out / ".well-known" / "security.txt").is_file()


def test_written_again_it_is_the_same_and_what_is_gone_is_taken_away(center, published, tmp_path):
    made = gather(center)
    write(Site(made), tmp_path / "out")
    (tmp_path / "out" / "own.txt").write_text("kept by the company")
    before = contents(tmp_path / "out")
    write(Site(made), tmp_path / "out")
    assert contents(tmp_path / "out") == before
    without = made.__class__(**{**vars(made), "documents": ()})
    write(Site(without), tmp_path / "out")
    left = contents(tmp_path / "out")
    assert not any(name.startswith(("documents/", "promises/")) for name in left) and "own.txt" in left and "index.html" in left


def test_every_page_its_twin_and_every_paper_say_that_data_are_a_sample(center, tmp_path):
    write(Site(gather(center)), tmp_path / "real")
    configured.add("company", "sample", {})
    write(Site(gather(center)), tmp_path / "sample")
    for suffix in (".html", "index.json"):
        real = [page for page in (tmp_path / "real").rglob(f"*{suffix}") if b"this company does not exist" in page.read_bytes()]
        pages = list((tmp_path / "sample").rglob(f"*{suffix}"))
        silent = [page for page in pages if b"this company does not exist" not in page.read_bytes()]
        assert (real, len(pages) > 10, silent) == ([], True, []), suffix
    said = paper(position("acme"), audience=Audience.PUBLIC, language="en").line
    assert said.startswith("Sample data: this company does not exist. ")


@pytest.mark.parametrize("listed", [None, b"no json", b'{"../kept.txt": "x", "/etc/hosts": "x"}'])
def test_a_folder_of_somebody_else_is_left_alone(center, tmp_path, listed):
    out, kept = tmp_path / "out", tmp_path / "kept.txt"
    out.mkdir()
    kept.write_text("mine")
    (out / "thesis.txt").write_text("mine")
    if listed is not None:
        (out / LIST).write_bytes(listed)
    try:
        write(Site(gather(center)), out)
    except NotOurs:
        assert sorted(each.name for each in out.iterdir()) == sorted({"thesis.txt", *([LIST] if listed else [])})
    assert (kept.read_text(), (out / "thesis.txt").read_text()) == ("mine", "mine")


def test_without_an_open_trust_center_it_says_what_to_do(published, tmp_path):
    said = CliRunner().invoke(site, [str(tmp_path / "out")])
    assert said.exit_code != 0 and "upheld act trust.open-trust-center" in said.output
    assert not (tmp_path / "out").exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_on_a_host_of_its_own_the_folder_tells_search_engines_and_feeds_where_it_is(center, tmp_path):
    said = CliRunner().invoke(site, [str(tmp_path / "out"), "--address", "https://trust.acme.example/"])
    assert said.exit_code == 0, said.output
    pages = ElementTree.fromstring((tmp_path / "out" / "sitemap.xml").read_bytes()).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}url")
    found = {url[0].text: url[1].text if len(url) > 1 else None for url in pages}
    assert found["https://trust.acme.example/promises/acme-1.1/"] == "2026-05-02"
    for address in found:
        assert (tmp_path / "out" / address.removeprefix("https://trust.acme.example/") / "index.html").is_file()
    assert (tmp_path / "out" / "robots.txt").read_text() == "User-agent: *\nAllow: /\n\nSitemap: https://trust.acme.example/sitemap.xml\n"
    assert "https://trust.acme.example/promises/" in (tmp_path / "out" / "changes" / "atom.xml").read_text()
    for wrong in ("http://trust.acme.example", "trust.acme.example", "https://x/?a"):
        refused = CliRunner().invoke(site, [str(tmp_path / "other"), "--address", wrong])
        assert (refused.exit_code, (tmp_path / "other").exists()) == (2, False)
        assert "is no address" in refused.output
