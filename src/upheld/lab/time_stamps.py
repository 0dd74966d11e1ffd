"""A time stamp authority in the lab (RFC 3161): `openssl ts` behind a small HTTP server, with a root of its own."""

import http.client
import sys
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from upheld.lab.certificates import Pair, make
from upheld.lab.service import Service, find

CONFIG = """
[tsa]
default_tsa = lab
[lab]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
"""


class TimeStamps(Service):
    """Answers requests for time stamps. `for_stamping=False` gives its certificate another purpose, which nobody may accept."""

    name = "time-stamps"

    def __init__(self, *, for_stamping: bool = True) -> None:
        """Make the root and the signer's certificate."""
        super().__init__()
        self.root = make("Lab root of time", authority=True)
        self._signer = _signer(self.root, for_stamping)

    @property
    def roots(self) -> str:
        """The root's certificate, as PEM."""
        return self.root.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}/"

    def command(self) -> list[str]:
        """Write configuration and certificates, and return the server's command."""
        (self.folder / "openssl.cnf").write_text(CONFIG.format(folder=self.folder), encoding="utf-8")
        (self.folder / "serial").write_text("01\n", encoding="ascii")
        self._signer.write(self.folder / "signer.pem")
        self.root.write_certificate(self.folder / "root.pem")
        return [sys.executable, "-m", "upheld.lab.time_stamp_server", str(self.port), str(self.folder), find("openssl")]

    def answers(self) -> bool:
        """Whether the server takes connections yet."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 405
        except OSError:
            return False
        finally:
            connection.close()


def _signer(root: Pair, for_stamping: bool) -> Pair:
    purpose = ExtendedKeyUsageOID.TIME_STAMPING if for_stamping else ExtendedKeyUsageOID.CODE_SIGNING
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(
            root.certificate.subject,
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lab time stamps")]),
            key.public_key(),
            x509.random_serial_number(),
            now - timedelta(days=1),
            now + timedelta(days=30),
        )
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    return Pair(key, builder.sign(root.key, hashes.SHA256()))
