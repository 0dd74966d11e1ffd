"""What became otherwise of all that is public, newest first: what feeds and subscribers are told. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import nlargest
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from upheld.checks.verdict import State
from upheld.web import wording
from upheld.web.trust.public import (
    Change,
    Public,
    PublicCertificate,
    PublicDestination,
    PublicDocument,
    PublicNews,
    PublicPolicy,
    PublicPromise,
    PublicShare,
    PublicVersion,
    Turn,
)
from upheld.web.year import DAYS

MOST = 300
DOCUMENT, PROMISE, POLICY, SHARE, CERTIFICATE, NOTICE = "document", "promise", "policy", "sub-processor", "certificate", "notice"
KINDS = (NOTICE, SHARE, PROMISE, DOCUMENT, POLICY, CERTIFICATE)


def with_changes(public: Public, now: datetime) -> Public:
    """Return `public` with the changes of the last year up to `now`, newest first, at most `MOST` of them."""
    begins = now - timedelta(days=DAYS)
    found = [each for each in _all(public, begins, now) if begins <= each.at <= now]
    return replace(public, changes=tuple(sorted(found, key=lambda each: (each.at, each.key), reverse=True)[:MOST]))


def _all(public: Public, begins: datetime, now: datetime) -> Iterator[Change]:
    for document in public.documents:
        yield from _of_document(document)
    turned = (_Turned(each.at, promise, before, each) for promise, before, each in _turns(public) if begins <= each.at <= now)
    yield from map(_of_promise, nlargest(MOST, turned, key=lambda each: (each.at, each.promise.id)))
    yield from map(_of_policy, public.policies)
    for share in public.shares:
        yield from _of_share(share)
    for destination in public.destinations:
        yield from _of_destination(destination)
    for certificate in public.certificates:
        yield from _of_certificate(certificate)
    for notice in public.news:
        yield from _of_notice(notice)


class _Turned(NamedTuple):
    """That a promise came to stand otherwise."""

    at: datetime
    promise: PublicPromise
    before: Turn
    after: Turn


def _turns(public: Public) -> Iterator[tuple[PublicPromise, Turn, Turn]]:
    for document in public.documents:
        for promise in document.promises:
            for before, after in pairwise(promise.turns):
                yield promise, before, after


def _of_document(document: PublicDocument) -> Iterator[Change]:
    for digest, each in {each.digest: each for each in document.versions}.items():
        title = _("Published: %(title)s, version %(version)s") % {"title": document.title, "version": each.version}
        yield Change(f"{DOCUMENT}/{document.id}/{digest[:16]}", DOCUMENT, each.published_at, title, differs(each), document.path)


def differs(version: PublicVersion) -> str:
    """Return in words what is different in a version from the one before it."""
    if version.first:
        return _("The first version.")
    counts = {"changed": version.changed, "added": version.added, "removed": version.removed}
    if not any(counts.values()):
        return _("No promise is different from the version before.")
    return _("Against the version before, %(changed)d promises differ, %(added)d are new, and %(removed)d are gone.") % counts


def _of_destination(each: PublicDestination) -> Iterator[Change]:
    page, known = "sub-processors/", {"country": f"{each.country}, {each.organisation}" if each.organisation else each.country}
    key = f"{SHARE}/country/{each.country}/{each.organisation}/{each.since:%Y%m%dT%H%M%S}"
    yield Change(key, SHARE, each.since, _("Data may go to: %(country)s") % known, each.why, page)
    if each.until is not None:
        yield Change(f"{key}/ended", SHARE, each.until, _("Data may no longer go to: %(country)s") % known, "", page)


def _of_promise(turned: _Turned) -> Change:
    promise = turned.promise
    title = f"{_promise_said(turned.before.state, turned.after.state)}: {promise.id}"
    return Change(f"{PROMISE}/{promise.id}/{turned.at:%Y%m%dT%H%M%S}", PROMISE, turned.at, title, promise.text, promise.path)


def _promise_said(before: State, after: State) -> str:
    match after:
        case State.UPHELD:
            return _("Upheld again") if before is State.BROKEN else _("Upheld")
        case State.AT_RISK:
            return _("At risk")
        case State.EXCEPTED:
            return _("Excepted")
        case State.UNPROVEN:
            return _("No longer proven") if before is not State.BROKEN else _("Unproven")
    return _("Broken")


def _of_policy(policy: PublicPolicy) -> Change:
    title = _("Policy published: %(title)s, version %(number)d") % {"title": policy.title, "number": policy.number}
    key = f"{POLICY}/{policy.name}/{policy.number}"
    return Change(key, POLICY, policy.published_at, title, "", f"policies/{policy.name}/")


def _of_share(share: PublicShare) -> Iterator[Change]:
    page, known = "sub-processors/", {"title": share.title}
    text = f"{share.purpose} ({', '.join(share.countries)})"
    if share.announced_at is not None:
        day = share.planned_on or share.started_on
        said = _("Announced: %(title)s") % known + (f", {wording.day(day)}" if day else "")
        yield Change(f"{SHARE}/{share.kind}/{share.name}/announced", SHARE, share.announced_at, said, text, page)
    if share.started_on is not None:
        yield Change(
            f"{SHARE}/{share.kind}/{share.name}/started", SHARE, _begins(share.started_on), _("In use: %(title)s") % known, text, page
        )
    if share.ended_on is not None:
        yield Change(
            f"{SHARE}/{share.kind}/{share.name}/ended", SHARE, _begins(share.ended_on), _("No longer in use: %(title)s") % known, text, page
        )


def _of_certificate(each: PublicCertificate) -> Iterator[Change]:
    page, key = "certificates/", f"{CERTIFICATE}/{each.standard}/{each.serial}"
    issued = _("Certificate issued: %(standard)s, until %(day)s") % {"standard": each.standard, "day": wording.day(each.until_on)}
    yield Change(key, CERTIFICATE, _begins(each.issued_on), issued, each.body, page)
    if each.withdrawn_on is not None:
        withdrawn = _("Certificate withdrawn: %(standard)s") % {"standard": each.standard}
        yield Change(f"{key}/withdrawn", CERTIFICATE, _begins(each.withdrawn_on), withdrawn, each.body, page)
    elif not each.in_force:
        ended = _("Certificate no longer in force: %(standard)s") % {"standard": each.standard}
        yield Change(f"{key}/ended", CERTIFICATE, _begins(each.until_on + timedelta(days=1)), ended, each.body, page)


def _of_notice(notice: PublicNews) -> Iterator[Change]:
    for number, said in enumerate(notice.said):
        title = notice.title if number == 0 else _("Update: %(title)s") % {"title": notice.title}
        key = f"{NOTICE}/{notice.number}/{number}"
        yield Change(key, NOTICE, said.at, title, said.text, f"notices/#notice-{notice.number}")


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def of_kinds(changes: Iterable[Change], kinds: Iterable[str]) -> list[Change]:
    """Return those of `changes` that are of one of `kinds`; all of them where there are none."""
    wanted = set(kinds)
    return [each for each in changes if not wanted or each.kind in wanted]
