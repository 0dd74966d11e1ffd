"""Changes as feeds: Atom (RFC 4287), JSON Feed 1.1, and the days to come as a calendar (RFC 5545). Pure."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # written only, from our own values

import orjson
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from upheld.evidence.visible import visible
from upheld.web.trust.public import Change, Public

ATOM, JSON_FEED, CALENDAR = "changes/atom.xml", "changes/feed.json", "changes/calendar.ics"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(public: Public) -> bytes:
    """Return the changes as Atom; each is named for ever, whatever becomes of the address."""
    feed = Element("feed", xmlns=_NAMESPACE)
    _text(feed, "title", _title(public))
    _text(feed, "id", _id(public, ""))
    _text(feed, "updated", _instant(public.changes[0].at if public.changes else datetime.combine(public.day, datetime.min.time(), UTC)))
    SubElement(feed, "link", rel="self", href=_address(public, ATOM))
    SubElement(feed, "link", href=_address(public, ""))
    _text(SubElement(feed, "author"), "name", public.company)
    for change in public.changes:
        entry = SubElement(feed, "entry")
        _text(entry, "title", change.title)
        _text(entry, "id", _id(public, change.key))
        _text(entry, "updated", _instant(change.at))
        SubElement(entry, "link", href=_address(public, change.page))
        SubElement(entry, "category", term=change.kind)
        _text(entry, "summary", change.text)
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed(public: Public) -> bytes:
    """Return the changes as JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(public),
        "language": public.language,
        "home_page_url": _address(public, ""),
        "feed_url": _address(public, JSON_FEED),
        "items": [_item(public, change) for change in public.changes],
    }
    return orjson.dumps(feed, option=orjson.OPT_INDENT_2)


def calendar(public: Public) -> bytes:
    """Return the days to come: from when a sub-processor shall be used, and until when certificates run."""
    made = Calendar()
    made.add("prodid", "-//Upheld//Trust Center//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _title(public))
    for share in public.shares:
        if share.planned_on:
            made.add_component(_day(public, f"share/{share.kind}/{share.name}", share.planned_on, f"{share.title}: {share.purpose}"))
    for each in public.certificates:
        if each.in_force:
            said = _("Last day of the certificate: %(standard)s") % {"standard": each.standard}
            made.add_component(_day(public, f"certificate/{each.standard}/{each.serial}", each.until_on, said))
    return bytes(made.to_ical())


def _day(public: Public, key: str, on: date, said: str) -> Event:
    event = Event()
    event.add("uid", _id(public, key).removeprefix("urn:uuid:"))
    event.add("dtstamp", datetime.combine(public.day, datetime.min.time(), UTC))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", f"{public.company}: {visible(said)}")
    return event


def _item(public: Public, change: Change) -> dict[str, object]:
    said = {"id": _id(public, change.key), "url": _address(public, change.page), "title": visible(change.title)}
    return said | {
        "content_text": visible(change.text or change.title, keep="\n"),
        "date_published": _instant(change.at),
        "tags": [change.kind],
    }


def _title(public: Public) -> str:
    return _("%(company)s: changes") % {"company": public.company}


def _id(public: Public, key: str) -> str:
    return uuid5(NAMESPACE_URL, f"{public.company}\0{key}").urn


def _address(public: Public, page: str) -> str:
    return f"{public.home or 'http://127.0.0.1:8000/trust/'}{page}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = visible(words, keep="\n")
