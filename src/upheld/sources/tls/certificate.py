"""Certificates and their keys, as tables name them."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
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


@contextmanager
def self_made() -> Iterator[str]:
    """Yield the path of a PEM file with a fresh key and a certificate that nobody trusts, for a handshake with oneself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "upheld.invalid")])
    start = datetime(2000, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, datetime(2099, 1, 1, tzinfo=UTC))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        file.flush()
        yield file.name
