"""One page of every kind in a company: found by following links as several people, and looked at in a browser that asks them here."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page, Route

ADDRESS = "http://localhost:1"
_LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
_OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": False}}}


def kinds(clients: Mapping[str, Client], starts: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Return, by the name of each address of which somebody comes to a page, one such page: its address, and what it says."""
    found: dict[str, tuple[str, str]] = {}
    for who, client in clients.items():
        queue, begun = list(starts[who]), len(starts[who])
        while queue:
            path, begun = queue.pop(0), begun - 1
            name = name_of(path)
            if name is None or (name in found and begun < 0):
                continue
            answer = client.get(path, follow=True)
            if not _is_page(answer):
                continue
            found.setdefault(name, (path, said := answer.content.decode()))
            queue += [unescape(each) for each in _LINK.findall(said) if name_of(unescape(each)) not in found]
    return found


def name_of(path: str) -> str | None:
    """Return the name of the address `path`, with its names' space; None where nothing answers."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def _is_page(answer: HttpResponseBase) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html") and not answer.streaming


class Walk:
    """A window in which pages are looked at, one after the other; what it asks for is answered here, without a server."""

    def __init__(self, window: BrowserContext) -> None:
        self._shown = ""
        window.route("**/*", self._answer)
        self.page: Page = window.new_page()

    def look(self, path: str, shown: str) -> Iterator[str]:
        """Yield what is wrong with the page `shown`: what axe finds, and whether it is wider than a phone."""
        self._shown = shown
        self.page.goto(f"{ADDRESS}{path}")
        for each in Axe().run(self.page, options=_OPTIONS).response["violations"]:
            yield f"{path}: {each['id']}: {each['nodes'][0]['html'][:300]}"
        self.page.set_viewport_size({"width": 390, "height": 900})
        if not self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            yield f"{path}: is wider than a phone"
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def _answer(self, route: Route) -> None:
        if (path := urlsplit(route.request.url).path).startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=Path(str(found))) if found else route.abort()
        elif route.request.is_navigation_request():
            route.fulfill(content_type="text/html; charset=utf-8", body=self._shown)
        else:
            route.abort()
