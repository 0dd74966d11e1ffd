"""What endpoints agreed to -> rows of endpoints and keys."""

import hashlib
import ipaddress

from cryptography import x509

from upheld.evidence.table import Row, Value
from upheld.sources.tls.certificate import certificate_key
from upheld.sources.tls.get import Answer

WEAK = ("NULL", "EXP", "ADH", "AECDH", "DES", "RC4", "RC2", "MD5", "IDEA", "SEED")


def endpoint_row(answer: Answer) -> Row:
    """Return the row of one endpoint. What was not found out before time ran out stays unknown."""
    weakest = _weakest(answer)
    row: dict[str, Value] = {
        "id": answer.endpoint.name,
        "system_id": answer.endpoint.system,
        "service": answer.endpoint.service,
        "reachable": answer.reachable,
        "encrypts": answer.encrypts,
        "protocols": list(answer.protocols) if answer.all_versions else None,
        "protocols_untested": list(answer.untested) if answer.all_versions else None,
        "weakest_cipher": weakest[0] if weakest else None,
        "weakest_cipher_bits": weakest[1] if weakest else None,
        "forward_secrecy": _forward_secrecy(answer),
        "trusted": answer.trusted,
    }
    return row | _of_certificate(answer)


def _of_certificate(answer: Answer) -> dict[str, Value]:
    if answer.certificate is None:
        return {}
    found: dict[str, Value] = {"fingerprint": hashlib.sha256(answer.certificate).hexdigest()}
    try:
        certificate = x509.load_der_x509_certificate(answer.certificate)
        key = certificate_key(certificate)
        signature = certificate.signature_hash_algorithm
    except ValueError:
        return found
    return found | {
        "key_kind": key.algorithm,
        "key_bits": key.bits,
        "signature_algorithm": signature.name if signature else certificate.signature_algorithm_oid._name,
        "valid_from_at": key.valid_from_at,
        "valid_until_at": key.valid_until_at,
        "name_matches": name_matches(certificate, answer.endpoint.host),
    }


def _weakest(answer: Answer) -> tuple[str, int] | None:
    """The weakest suite agreed to: one of a kind that is broken, whatever its key's size, before the shortest key."""
    if not answer.all_suites or not answer.suites:
        return None
    return min(answer.suites.items(), key=lambda suite: (not any(word in suite[0] for word in WEAK), suite[1], suite[0]))


def _forward_secrecy(answer: Answer) -> bool | None:
    if any(not name.startswith(("TLS_", "ECDHE-", "DHE-", "EDH-")) for name in answer.suites):
        return False
    return True if answer.all_suites and answer.suites else None


def name_matches(certificate: x509.Certificate, host: str) -> bool:
    """Whether `certificate` is for `host`: by its alternative names alone, a * for one leftmost label (RFC 9525, 6)."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    try:
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        return any(_matches(name.lower().rstrip("."), host.lower().rstrip(".")) for name in names.get_values_for_type(x509.DNSName))


def _matches(pattern: str, host: str) -> bool:
    if not pattern.startswith("*."):
        return pattern == host
    return host.partition(".")[2] == pattern[2:] and pattern.count(".") >= 2


def key_rows(answers: list[Answer]) -> list[Row]:
    """Return one row a key and system; a key shown at several endpoints names all of them."""
    found: dict[str, dict[str, Value]] = {}
    for answer in answers:
        if answer.certificate is None:
            continue
        try:
            key = certificate_key(x509.load_der_x509_certificate(answer.certificate))
        except ValueError:
            continue
        word = f"{answer.endpoint.system}/tls/{key.fingerprint}"
        before = found.get(word, {})
        found[word] = {
            "id": word,
            "system_id": answer.endpoint.system,
            "fingerprint": key.fingerprint,
            "purpose": "tls",
            "algorithm": key.algorithm,
            "bits": key.bits,
            "created_at": key.valid_from_at,
            "expires_at": key.valid_until_at,
            "state": "active",  # it is shown, so it is in use, also after it expired
            "location": ", ".join(sorted({*str(before.get("location") or "").split(", "), answer.endpoint.name} - {""})),
        }
    return list(found.values())
