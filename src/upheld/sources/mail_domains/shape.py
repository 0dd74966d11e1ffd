"""What DNS and mail servers said of a domain -> its row. Pure."""

import base64
import binascii
import re

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from upheld.evidence.table import Row
from upheld.sources.mail_domains.get import Answer

ENDS = {"-": "fail", "~": "softfail", "?": "neutral", "+": "pass", "": "pass"}
ALL = re.compile(r"([-~?+]?)all", re.IGNORECASE)
LEAST_RSA_BITS = 2048  # RFC 8301, 3.2: signers should; below 1024 verifiers do not even look
ALL_MAILS = 100


def domain_row(answer: Answer) -> Row:
    """Return the row of a domain; what was not answered is NULL."""
    dmarc = _tags(answer.dmarc[0]) if answer.dmarc and len(answer.dmarc) == 1 else {}
    missing = None if not answer.dkim or None in answer.dkim.values() else [name for name, texts in answer.dkim.items() if not _good(texts)]
    return {
        "id": answer.domain.name,
        "sends": answer.domain.sends,
        "spf": None if answer.spf is None else spf(answer.spf),
        "dkim": [name for name, texts in answer.dkim.items() if texts],
        "dkim_missing": missing,
        "dmarc": None if answer.dmarc is None else dmarc.get("p", "missing").lower(),
        "dmarc_percent": _percent(dmarc) if dmarc else None,
        "mail_servers": answer.servers,
        "without_tls": None if answer.servers is None else [name for name, tls in answer.tls.items() if tls is False],
        "unreached": None if answer.servers is None else [name for name in answer.servers if answer.tls.get(name) is None],
        "mta_sts": None if answer.mta_sts is None else "announced" if answer.mta_sts else "missing",
        "dane": all(answer.tlsa.values()) if answer.tlsa else None,
    }


def spf(records: list[str]) -> str:
    """Return what SPF says of all others: more than one record is an error (RFC 7208, 4.5).

    >>> spf(["v=spf1 mx -all"]), spf(["v=spf1 mx"]), spf([])
    ('fail', 'neutral', 'none')
    """
    if len(records) != 1:
        return "error" if records else "none"
    found = next((told for word in records[0].split() if (told := ALL.fullmatch(word))), None)
    return ENDS[found[1]] if found else "neutral"


def _good(texts: list[str] | None) -> bool:
    """Whether there is one key that is not revoked, not in testing mode and not too short (RFC 6376, 3.6.1)."""
    if not texts or len(texts) != 1:
        return False
    tags = _tags(texts[0])
    if "y" in tags.get("t", "").split(":") or not tags.get("p"):
        return False
    if tags.get("k", "rsa") != "rsa":
        return True
    try:
        key = load_der_public_key(base64.b64decode(tags["p"], validate=True))
    except (binascii.Error, ValueError):
        return False
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS


def _percent(tags: dict[str, str]) -> int:
    return int(tags["pct"]) if tags.get("pct", "").isdecimal() else ALL_MAILS


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): re.sub(r"\s", "", value) for name, _, value in pairs}
