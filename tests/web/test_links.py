"""The sample company as pages: every link leads somewhere, every page is small enough, and each is the one it says."""

import gzip
import re
from collections import Counter
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest

from upheld import clock
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.checking import check

FIRST_PAGES = 100_000  # bytes as they are sent


@pytest.fixture
def company(workspace):
    sequencer.init("test.example/ledger/main/1")
    collect(configured.add("sample", "sample", {}))
    sequencer.sequence()
    # One file of the workspace's own is wrong: it is said, and every page still answers.
    (workspace.measures / "access").mkdir()
    (workspace.measures / "access" / "unreadable.sql").write_text("nonsense", encoding="utf-8")
    check(clock.now())
    sequencer.sequence()
    return workspace


def links(page: str, path: str) -> set[str]:
    return {urljoin(path, unescape(link)) for link in re.findall(r'<(?:a|link)\s[^>]*href="([^"]*)"', page)}


def test_every_link_leads_somewhere(company, browser):
    """Of the many combinations of filters that one page offers, two are followed."""
    waiting, pages, filtered = ["/"], {}, Counter()
    while waiting:
        path = waiting.pop()
        place, _, chosen = path.partition("?")
        filtered[place] += bool(chosen)
        if chosen and filtered[place] > 2:
            continue
        answer = browser.get(path, follow=True)
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        content = b"".join(answer) if answer.streaming else answer.content
        # Of files that people take away it is enough that they are there.
        pages[path] = "" if "Content-Disposition" in answer.headers else content.decode()
        if not path.startswith("/static/"):
            found = {urldefrag(link).url for link in links(pages[path], path)}
            waiting += sorted(found - set(pages) - set(waiting))
    assert len(pages) > 300
    assert browser.get("/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    assert_anchors(pages)
    assert_sizes(pages)


def assert_anchors(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        for link in links(page, path):
            target, anchor = urldefrag(link)
            if anchor and target in pages:
                assert f'id="{anchor}"' in pages[target], f"{path} points to {link}"


def assert_sizes(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        sent = len(gzip.compress(page.encode()))
        assert sent <= FIRST_PAGES, f"{path} is sent as {sent:,} bytes"
