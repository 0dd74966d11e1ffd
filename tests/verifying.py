"""The browser's verifier in a real browser: the script alone on a page that may connect to nowhere."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page
from tests.chromium import chromium

from upheld.ledger import keys

SCRIPT = Path(keys.__file__).parents[1] / "web" / "static" / "web" / "verify.js"
_ASK = """async ([file, key]) => {
    const bytes = Uint8Array.from(atob(file), (each) => each.charCodeAt(0));
    try { return (await verify(bytes, key)).checked.join("; "); }
    catch (error) { return error instanceof Refused ? "REFUSED " + error.message : "BROKE " + error; }
}"""
_READ = """async ([file]) => {
    const found = members(Uint8Array.from(atob(file), (each) => each.charCodeAt(0))), read = {};
    for (const name of found.keys()) read[name] = text(await unpacked(found, name), name);
    return read;
}"""
# For each byte, with a bit flipped and with all after it cut off: whether it is refused, or gives what it gave.
_FLIPPED = """async ([file]) => {
    const good = Uint8Array.from(atob(file), (each) => each.charCodeAt(0)), odd = [];
    const read = async (bytes) => {
        const found = members(bytes), all = [];
        for (const name of found.keys()) all.push(name, hex(await unpacked(found, name)));
        return all.join();
    };
    const expected = await read(good);
    for (let at = 0; at < good.length; at += 1) {
        for (const bytes of [good.map((byte, place) => place === at ? byte ^ 1 : byte), good.slice(0, at)]) {
            try { if (await read(bytes) !== expected || bytes.length < good.length) odd.push(at); }
            catch (error) { if (!(error instanceof Refused)) odd.push(`${at} ${error}`); }
        }
    }
    return odd;
}"""


class Verifier:
    """The script on `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def says(self, file: bytes, key: str) -> str:
        """Return what the script checked of `file`, or REFUSED and why, or BROKE where it failed in a way that nobody foresaw."""
        return str(self.page.evaluate(_ASK, [base64.b64encode(file).decode(), key]))

    def read(self, file: bytes) -> dict[str, str]:
        """Return the members of the zip file `file`."""
        return dict(self.page.evaluate(_READ, [base64.b64encode(file).decode()]))

    def odd(self, file: bytes) -> list[object]:
        """Return where a changed byte or a cut of the zip file `file` is neither refused nor without consequence."""
        return list(self.page.evaluate(_FLIPPED, [base64.b64encode(file).decode()]))


@contextmanager
def verifier() -> Iterator[Verifier]:
    """Yield the script on a page of its own."""
    with chromium() as window:
        page = window.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html"))
        page.goto("https://verify.example/")  # Web Crypto is for secure pages alone
        page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
        yield Verifier(page)
