"""All pages for search engines: a sitemap as of sitemaps.org, and where it lies. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # written only, from our own values

from upheld.web.trust.pages import DocumentPage, Page, PolicyPage, PromisePage
from upheld.web.trust.public import Public

SITEMAP = "sitemap.xml"
_NAMESPACE, _XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"


def sitemap(public: Public, pages: Iterable[Page], languages: Iterable[str]) -> bytes:
    """Return the sitemap of `pages`, each in those `languages` that have addresses of their own, below where `public` is read."""
    languages = tuple(languages)
    found = Element("urlset", {"xmlns": _NAMESPACE} | ({"xmlns:xhtml": _XHTML} if languages else {}))
    for page in pages:
        url = SubElement(found, "url")
        SubElement(url, "loc").text = f"{public.home}{quote(page.path)}"
        if (changed := max(_changed(page), default=None)) is not None:
            SubElement(url, "lastmod").text = changed.astimezone(UTC).date().isoformat()
        for code in languages:
            SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=f"{public.home}{code}/{quote(page.path)}")
    indent(found)
    return bytes(tostring(found, encoding="utf-8", xml_declaration=True))


def robots(public: Public, path: str) -> bytes:
    """Return what search engines are told on a host on which nothing is for them but what lies below `path`."""
    closed = "Disallow: /\n" if path != "/" else ""
    return f"User-agent: *\nAllow: {path}\n{closed}\nSitemap: {public.home}{SITEMAP}\n".encode()


def _changed(page: Page) -> Iterator[datetime]:
    """When what `page` is about changed, as far as it says so."""
    match page.shows:
        case DocumentPage(document=document):
            yield document.published_at
            yield from (promise.since for promise in document.promises if promise.since)
        case PromisePage(promise=promise):
            yield from (promise.since,) if promise.since else ()
        case PolicyPage(policy=policy):
            yield policy.published_at
