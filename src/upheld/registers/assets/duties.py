"""What things ask of people: sign for them, keep to their rules, bring them back, wipe them; and judge what information is worth."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.assets.models import AssetClass, Custody, Disposal, InformationAsset, Sanitisation, UseAcknowledgement
from upheld.registers.assets.thing_models import Asset
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, WAITS, Duty, Owing, changed_at, done, interval, made_at, starts
from upheld.registers.staff import known

LEAD = "security-lead"
A_DAY = timedelta(days=1)


def to_sign(now: datetime) -> Iterator[Owing]:
    """Yield each thing that was handed out: who has it signs for it."""
    for each in Custody.objects.filter(Q(signed_at=None, returned_at=None) | Q(signed_at__gt=now - KNOWN_FOR)).select_related("asset"):
        yield Owing(each.reference, str(each.asset), each.given_at, each.holder, first=WAITS, done=done(each.signed_at))


def to_acknowledge(now: datetime) -> Iterator[Owing]:
    """Yield who has a thing whose rules were written anew: they read them."""
    written = changed_at(AssetClass, "rules_digest")
    read: dict[tuple[int, str], dict[str, datetime]] = defaultdict(dict)
    for asset_class, digest, person, at in UseAcknowledgement.objects.values_list("asset_class_id", "digest", "person", "at"):
        read[asset_class, digest][person] = at
    out = Custody.objects.filter(returned_at=None).exclude(asset__asset_class=None).values_list("asset__asset_class_id", "holder")
    holders: dict[int, set[str]] = defaultdict(set)
    for class_id, holder in out:
        holders[class_id].add(holder)
    for each in AssetClass.objects.exclude(rules_digest="").filter(pk__in=holders):
        since = written.get(each.pk, LONG_AGO)
        for person in sorted(holders[each.pk]):
            acknowledged = done(read[each.pk, each.rules_digest].get(person))
            yield Owing(each.reference, str(each), since, person, first=WAITS, done=acknowledged)


def to_take_back(now: datetime) -> Iterator[Owing]:
    """Yield what somebody has who leaves: whoever answers for it takes it back within the window after the last day."""
    window, everybody = interval("assets", "return_window").about, known()
    for each in Custody.objects.filter(Q(returned_at=None) | Q(returned_at__gt=now - KNOWN_FOR)).select_related("asset"):
        somebody = everybody.get(each.holder)
        if somebody is not None and somebody.ended_on is not None:
            begins_at, about = max(each.given_at, starts(somebody.ended_on)), f"{each.asset}, {somebody.name}"
            yield Owing(each.reference, about, begins_at, each.asset.owner, first=A_DAY + window, done=done(each.returned_at))


def to_classify(now: datetime) -> Iterator[Owing]:
    """Yield each body of information: whoever answers for it judges it, and again at the interval, or once it changed."""
    made, every = made_at(InformationAsset), interval("assets", "classification_interval")
    changed = changed_at(InformationAsset, "reviewed_at")  # what became something else is to be classified anew from then on
    for each in InformationAsset.objects.filter(ended_at=None):
        judged = each.reviewed_at if each.classification else None
        since = changed.get(each.pk) or made.get(each.pk, LONG_AGO)
        yield Owing(each.reference, str(each), since, each.owner, every=every, done=done(judged))


def to_wipe(now: datetime) -> Iterator[Owing]:
    """Yield each thing with storage that was retired: whoever answers for it has it wiped, and looked at, within the window."""
    window = interval("physical", "component_wiping_window").about
    wiped = dict(Sanitisation.objects.filter(verified=True).order_by("-verified_at").values_list("asset_id", "verified_at"))
    for each in Asset.objects.filter(storage=True).exclude(retired_at=None).exclude(disposed_at__lt=now - KNOWN_FOR):
        assert each.retired_at is not None
        at = wiped.get(each.pk)
        after = at if at is not None and at >= each.retired_at else None
        yield Owing(each.reference, str(each), each.retired_at, each.owner, first=window, done=done(after))


def to_look_at(now: datetime) -> Iterator[Owing]:
    """Yield each wiping: somebody else reads a sample back."""
    for each in Sanitisation.objects.filter(Q(verified_at=None) | Q(verified_at__gt=now - KNOWN_FOR)).select_related("asset"):
        who, role = ("", LEAD) if each.asset.owner == each.person else (each.asset.owner, "")
        yield Owing(each.reference, str(each.asset), each.at, who, role, first=WAITS, done=done(each.verified_at))


def to_approve(now: datetime) -> Iterator[Owing]:
    """Yield each disposal that was asked for: whoever leads security approves it."""
    for each in Disposal.objects.filter(Q(approved_at=None) | Q(approved_at__gt=now - KNOWN_FOR)).select_related("asset"):
        yield Owing(each.reference, str(each.asset), each.requested_at, role=LEAD, first=WAITS, done=done(each.approved_at))


DUTIES = (
    Duty("assets.sign-custody", gettext_noop("Sign for what you were handed out"), to_sign, by_each=True),
    Duty("assets.acknowledge-use-rules", gettext_noop("Read and acknowledge the rules of use"), to_acknowledge, by_each=True),
    Duty("assets.take-back", gettext_noop("Take back from somebody who leaves"), to_take_back),
    Duty("assets.classify-information", gettext_noop("Classify the information"), to_classify),
    Duty("assets.sanitise-asset", gettext_noop("Have the storage wiped, and looked at"), to_wipe),
    Duty("assets.verify-sanitisation", gettext_noop("Read back whether anything was left"), to_look_at),
    Duty("assets.approve-disposal", gettext_noop("Approve the disposal"), to_approve),
)
