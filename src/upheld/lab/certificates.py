"""Certificates for the lab, good and bad: self-signed, expired, with a weak key, for another name, signed by a root of our own."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Pair:
    """A private key and its certificate."""

    key: Key
    certificate: x509.Certificate

    def write(self, path: Path, *more: "Pair") -> Path:
        """Write key and certificate, and the certificates of `more` (a chain), as one PEM file of mode 0600."""
        private = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        chain = [pair.certificate.public_bytes(serialization.Encoding.PEM) for pair in (self, *more)]
        path.touch(mode=0o600)
        path.write_bytes(private + b"".join(chain))
        return path

    def write_certificate(self, path: Path) -> Path:
        """Write the certificate alone, as PEM."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


def make(
    name: str,
    *,
    by: Pair | None = None,
    bits: int = 0,
    valid: timedelta = timedelta(days=90),
    authority: bool = False,
    key: Key | None = None,
) -> Pair:
    """Return a pair for `name` (127.0.0.1, ::1 and localhost too), signed by `by`, else by itself.

    `bits` makes an RSA key of that size instead of P-256; a negative `valid` makes a certificate that has expired.
    """
    made = key or (rsa.generate_private_key(65537, max(bits, 1024)) if bits else ec.generate_private_key(ec.SECP256R1()))
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    until = datetime.now(UTC) + valid
    start = min(datetime.now(UTC), until) - timedelta(days=30)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    builder = (
        x509.CertificateBuilder(issuer, subject, made.public_key(), x509.random_serial_number(), start, until)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return Pair(made, builder.sign(by.key if by else made, hashes.SHA256()))
