"""People at work in a real browser: signed in one after the other, filling in the forms of actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

from playwright.sync_api import BrowserContext, Page
from tests.chromium import chromium, served


class Desk:
    """One window, at which people sit down one after the other."""

    def __init__(self, window: BrowserContext, address: str, cookies: dict[str, SimpleCookie]) -> None:
        self.window, self.address, self.cookies = window, address, cookies
        self.page: Page = window.new_page()

    def sit(self, who: str) -> None:
        """Let `who` sit down; "" for a stranger, who is signed in nowhere."""
        self.window.clear_cookies()
        for name, each in self.cookies.get(who, SimpleCookie()).items():
            self.window.add_cookies([{"name": name, "value": each.value, "url": self.address}])

    def do(self, action: str, record: int | None = None, **given: str | list[str] | Path) -> int:
        """Fill in the form of `action` and send it; return the number of the record that it leads to."""
        self.page.goto(f"{self.address}/act/{action}/{f'?record={record}' if record else ''}")
        for name, value in given.items():
            self._fill(name, value)
        self.page.locator("main form .actions button").click()
        assert "/act/" not in self.page.url, self.page.locator("main").inner_text()
        return int(self.page.url.rstrip("/").rpartition("/")[2])

    def _fill(self, name: str, value: str | list[str] | Path) -> None:
        field = self.page.locator(f"main form [name='{name}']")
        kind = field.first.evaluate("field => field.type")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif kind in ("radio", "checkbox"):
            for each in value if isinstance(value, list) else [value]:
                self.page.locator(f"main form [name='{name}'][value='{each}']").check()
        elif kind == "select-one":
            field.select_option(str(value))
        else:
            field.fill("\n".join(value) if isinstance(value, list) else value)


@contextmanager
def desk(cookies: dict[str, SimpleCookie], **options: object) -> Iterator[Desk]:
    """Serve the pages and yield a desk at which those whose `cookies` are given may sit."""
    with served() as address, chromium(**options) as window:
        yield Desk(window, address, cookies)
