"""Certificates and their keys, as tables name them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa


@dataclass(frozen=True)
class CertificateKey:
    """The key of a certificate: fingerprint is the SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""

    fingerprint: str
    algorithm: str
    bits: int | None
    valid_from_at: datetime
    valid_until_at: datetime
    subject: str


def describe(key: object) -> tuple[str, int | None]:
    """Return (algorithm as keys.algorithm names it, size in bits) of a public key."""
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.curve.key_size
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA", key.key_size
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", 256
    return ("Ed448", 456) if isinstance(key, ed448.Ed448PublicKey) else (type(key).__name__, None)


def certificates(text: str) -> Sequence[CertificateKey]:
    """Return the keys of the PEM certificates in `text`; raises `ValueError` when there is none that can be read."""
    return [certificate_key(one) for one in x509.load_pem_x509_certificates(text.encode())]


def certificate_key(certificate: x509.Certificate) -> CertificateKey:
    """Return what a register of keys needs of `certificate`."""
    public = certificate.public_key()
    info = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    algorithm, bits = describe(public)
    return CertificateKey(
        hashlib.sha256(info).hexdigest(),
        algorithm,
        bits,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.subject.rfc4514_string(),
    )
