"""Changes as feeds: Atom (RFC 4287), JSON Feed 1.1, and days as a calendar (RFC 5545); all of them, and each kind apart. Pure."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # written only, from our own values

import orjson
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from upheld.evidence.visible import visible
from upheld.web.trust import words
from upheld.web.trust.changing import CERTIFICATE, SHARE, of_kinds
from upheld.web.trust.public import Change, Public

_NAMESPACE = "http://www.w3.org/2005/Atom"


def paths(kind: str) -> tuple[str, str, str]:
    """Return where the changes of one kind are, as Atom, as JSON Feed and as a calendar; of all kinds for ""."""
    folder = f"changes/{kind}/" if kind else "changes/"
    return f"{folder}atom.xml", f"{folder}feed.json", f"{folder}calendar.ics"


def atom(public: Public, kind: str = "") -> bytes:
    """Return the changes, or those of a `kind`, as Atom; each is named for ever, whatever becomes of the address."""
    changes = of_kinds(public.changes, [kind] if kind else [])
    feed = Element("feed", xmlns=_NAMESPACE)
    _text(feed, "title", _title(public, kind))
    _text(feed, "id", _id(public, kind and f"kind/{kind}"))
    _text(feed, "updated", _instant(changes[0].at if changes else datetime.combine(public.day, datetime.min.time(), UTC)))
    SubElement(feed, "link", rel="self", href=_address(public, paths(kind)[0]))
    SubElement(feed, "link", href=_address(public, ""))
    _text(SubElement(feed, "author"), "name", public.company)
    for change in changes:
        entry = SubElement(feed, "entry")
        _text(entry, "title", change.title)
        _text(entry, "id", _id(public, change.key))
        _text(entry, "updated", _instant(change.at))
        SubElement(entry, "link", href=_address(public, change.page))
        SubElement(entry, "category", term=change.kind)
        _text(entry, "summary", change.text)
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed(public: Public, kind: str = "") -> bytes:
    """Return the changes, or those of a `kind`, as JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(public, kind),
        "language": public.language,
        "home_page_url": _address(public, ""),
        "feed_url": _address(public, paths(kind)[1]),
        "items": [_item(public, change) for change in of_kinds(public.changes, [kind] if kind else [])],
    }
    return orjson.dumps(feed, option=orjson.OPT_INDENT_2)


def calendar(public: Public, kind: str = "") -> bytes:
    """Return the days to come: from when a sub-processor shall be used, and until when certificates run.

    Of one `kind` of change it has those, and the days on which something changed.
    """
    made = Calendar()
    made.add("prodid", "-//Upheld//Trust Center//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _title(public, kind))
    for change in of_kinds(public.changes, [kind]) if kind else ():
        made.add_component(_day(public, change.key, change.day, change.title))
    for share in public.shares if kind in ("", SHARE) else ():
        if share.planned_on:
            made.add_component(_day(public, f"share/{share.kind}/{share.name}", share.planned_on, f"{share.title}: {share.purpose}"))
    for each in public.certificates if kind in ("", CERTIFICATE) else ():
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


def _title(public: Public, kind: str) -> str:
    title = _("%(company)s: changes") % {"company": public.company}
    return f"{title} – {words.kind(kind)}" if kind else title


def _id(public: Public, key: str) -> str:
    return uuid5(NAMESPACE_URL, f"{public.company}\0{key}").urn


def _address(public: Public, page: str) -> str:
    return f"{public.home or 'http://127.0.0.1:8000/trust/'}{page}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = visible(words, keep="\n")
