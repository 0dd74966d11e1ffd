"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.cryptography.models import CryptographyRule, CryptoKey, KeyDestruction, KeyWitness
from upheld.registers.rules import listed_elsewhere


def registered_keys() -> Iterator[Row]:
    """Yield keys that are not destroyed: one that is found all the same is a key that nobody answers for.

    Those that another source in use brings are left out: each key stands once, as the company's own list says.
    """
    for each in CryptoKey.objects.filter(destroyed_at=None).exclude(fingerprint__in=listed_elsewhere("registered_keys", "fingerprint")):
        yield {
            "fingerprint": each.fingerprint,
            "purpose": each.purpose,
            "owner_id": each.owner,
            "activated_on": each.activated_on,
            "retire_on": each.retired_at.date() if each.retired_at else each.retire_on,
        }


def key_destructions() -> Iterator[Row]:
    """Yield keys that were destroyed, and by whom."""
    for each in KeyDestruction.objects.select_related("key"):
        yield {
            "id": str(each.pk),
            "fingerprint": each.key.fingerprint,
            "title": each.key.title,
            "destroyed_by": each.person,
            "destroyed_at": each.at,
        }


def key_witnesses() -> Iterator[Row]:
    """Yield who said that they saw a key destroyed."""
    for each in KeyWitness.objects.exclude(at=None):
        yield {"id": str(each.pk), "destruction_id": str(each.destruction_id), "person_id": each.person, "seen_at": each.at}


def cryptography_rules() -> Iterator[Row]:
    """Yield what law and contracts say of cryptography."""
    for each in CryptographyRule.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "effect": each.effect,
            "names": list(each.names),
            "regions": list(each.regions),
            "systems": list(each.systems),
            "jurisdiction_id": each.jurisdiction or None,
            "owner_id": each.owner,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }
