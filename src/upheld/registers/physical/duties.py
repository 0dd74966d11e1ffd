"""What places ask of people: walk, try, look, mend, let nobody in whose time is over, and see visitors out."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.checks.span import span
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, MONTH, WAITS, Duty, Owing, changed_at, done, interval, made_at, starts
from upheld.registers.physical.kinds import Looked, Operator, ZoneKind
from upheld.registers.physical.models import (
    Delivery,
    Inspection,
    Perimeter,
    Protection,
    RulesAcknowledgement,
    Visit,
    Zone,
    ZoneAuthorisation,
)
from upheld.registers.staff import known


def to_walk(now: datetime) -> Iterator[Owing]:
    """Yield each perimeter: whoever answers for its site walks along it. What was found, and is not mended, keeps it from counting."""
    whole = Inspection.objects.filter(Q(passed=True) | ~Q(closed_at=None), kind=Looked.PERIMETER)
    last = dict(whole.order_by("at").values_list("perimeter_id", "at"))
    made, every = made_at(Perimeter), interval("physical", "perimeter_inspection_interval")
    for each in Perimeter.objects.filter(ended_at=None).select_related("site"):
        at = last.get(each.pk)
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.site.owner, every=every, done=done(at))


def to_go_round(now: datetime) -> Iterator[Owing]:
    """Yield each zone where people work at desks: whoever answers for it walks round it after work."""
    last = dict(Inspection.objects.filter(kind=Looked.DESKS).order_by("at").values_list("zone_id", "at"))
    made, every = made_at(Zone), interval("access", "clear_desk_interval")
    for each in Zone.objects.filter(ended_at=None, desks=True):
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(last.get(each.pk)))


def to_try(now: datetime) -> Iterator[Owing]:
    """Yield each protection: whoever answers for its site has it tried as often as it asks for. One that failed is to be tried again."""
    last = dict(Inspection.objects.filter(kind=Looked.PROTECTION, passed=True).order_by("at").values_list("protection_id", "at"))
    made = made_at(Protection)
    for each in Protection.objects.filter(ended_at=None).exclude(site__operated_by=Operator.PROVIDER).select_related("site"):
        begins_at, every = made.get(each.pk, LONG_AGO), span(each.test_every)
        yield Owing(each.reference, str(each), begins_at, each.site.owner, every=every, done=done(last.get(each.pk)))


def to_mend(now: datetime) -> Iterator[Owing]:
    """Yield what inspections found: whoever answers for the place has it mended; at desks as soon as their measure asks for."""
    desks = interval("access", "clear_desk_mended_within").about
    found = Inspection.objects.filter(Q(closed_at=None) | Q(closed_at__gt=now - KNOWN_FOR), passed=False)
    for each in found.select_related("zone", "perimeter__site", "protection__site", "site"):
        first = desks if each.kind == Looked.DESKS else MONTH
        yield Owing(each.reference, str(each), each.at, _owner(each), first=first, done=done(each.closed_at))


def _owner(inspection: Inspection) -> str:
    if inspection.zone is not None:
        return inspection.zone.owner
    inside = inspection.perimeter or inspection.protection
    site = inside.site if inside is not None else inspection.site
    assert site is not None, "an inspection is of something"
    return site.owner


def to_acknowledge(now: datetime) -> Iterator[Owing]:
    """Yield who may enter a secure zone whose rules were written anew: they read them."""
    written = changed_at(Zone, "rules_digest")
    read: dict[tuple[int, str], dict[str, datetime]] = defaultdict(dict)
    for zone, digest, person, at in RulesAcknowledgement.objects.values_list("zone_id", "digest", "person", "at"):
        read[zone, digest][person] = at
    allowed: dict[int, set[str]] = defaultdict(set)
    standing = ZoneAuthorisation.objects.filter(Q(until_on=None) | Q(until_on__gte=now.date()), withdrawn_at=None)
    for zone, person in standing.values_list("zone_id", "person"):
        allowed[zone].add(person)
    for each in Zone.objects.filter(ended_at=None, kind=ZoneKind.SECURE, pk__in=allowed).exclude(rules_digest=""):
        since = written.get(each.pk, LONG_AGO)
        for person in sorted(allowed[each.pk]):
            acknowledged = done(read[each.pk, each.rules_digest].get(person))
            yield Owing(each.reference, str(each), since, person, first=WAITS, done=acknowledged)


def to_withdraw(now: datetime) -> Iterator[Owing]:
    """Yield each authorisation that has run out, or whose holder left: whoever answers for the zone withdraws it, at once."""
    everybody, today = known(), now.date()
    found = ZoneAuthorisation.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=now - KNOWN_FOR)).select_related("zone")
    for each in found:
        somebody = everybody.get(each.person)
        left_on = somebody.ended_on if somebody else None
        over_on = min((day for day in (each.until_on, left_on) if day is not None), default=None)
        if over_on is not None and over_on < today:
            begins_at, name = starts(over_on + timedelta(days=1)), somebody.name if somebody else each.person
            yield Owing(each.reference, f"{each.zone}, {name}", begins_at, each.zone.owner, done=done(each.withdrawn_at))


def to_see_out(now: datetime) -> Iterator[Owing]:
    """Yield each visitor who is inside, or was lately: the host signs them out before the site closes."""
    for each in Visit.objects.filter(Q(out_at=None) | Q(out_at__gt=now - KNOWN_FOR)).select_related("site"):
        first = max(each.leave_by_at - each.in_at, timedelta(0))
        yield Owing(each.reference, str(each.site), each.in_at, each.host, first=first, done=done(each.out_at))


def to_look_into(now: datetime) -> Iterator[Owing]:
    """Yield each delivery: whoever answers for the zone has it looked into."""
    window = interval("physical", "delivery_inspection_window").about
    for each in Delivery.objects.filter(Q(inspected_at=None) | Q(inspected_at__gt=now - KNOWN_FOR)).select_related("zone"):
        yield Owing(each.reference, each.what, each.received_at, each.zone.owner, first=window, done=done(each.inspected_at))


DUTIES = (
    Duty("physical.inspect-perimeter", gettext_noop("Walk along the perimeter"), to_walk, measures=("physical/perimeter_inspected",)),
    Duty("physical.inspect-desks", gettext_noop("Walk round after work"), to_go_round, measures=("access/clear_desk_inspected",)),
    Duty("physical.test-protection", gettext_noop("Try the protection"), to_try),
    Duty("physical.close-what-was-found", gettext_noop("Have mended what was found"), to_mend),
    Duty("physical.acknowledge-zone-rules", gettext_noop("Read and acknowledge the working rules"), to_acknowledge, by_each=True),
    Duty("physical.withdraw-authorisation", gettext_noop("Withdraw what has run out, in the badge system too"), to_withdraw),
    Duty("physical.sign-out-visitor", gettext_noop("See your visitor out"), to_see_out),
    Duty("physical.inspect-delivery", gettext_noop("Look into what was delivered"), to_look_into),
)
