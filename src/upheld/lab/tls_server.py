"""The program behind `TlsListener`: port, PEM file, oldest and newest version, service, suites. Serves one connection a thread."""

import socket
import ssl
import sys
import threading

VERSIONS = {name: getattr(ssl.TLSVersion, name.replace(".", "_")) for name in ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")}
LDAP_ACCEPTS = bytes.fromhex("300c02010178070a010004000400")
GREETINGS: dict[str, list[tuple[bytes | None, bytes]]] = {
    "smtp": [(None, b"220 lab ESMTP\r\n"), (b"\r\n", b"250-lab\r\n250 STARTTLS\r\n"), (b"\r\n", b"220 go on\r\n")],
    "imap": [(None, b"* OK lab\r\n"), (b"\r\n", b"a1 OK go on\r\n")],
    "pop3": [(None, b"+OK lab\r\n"), (b"\r\n", b"+OK go on\r\n")],
    "ldap": [(b"1.3.6.1.4.1.1466.20037", LDAP_ACCEPTS)],
    "postgresql": [(bytes.fromhex("04d2162f"), b"S")],
}


def serve(port: int, pem: str, oldest: str, newest: str, service: str, suites: str) -> None:
    """Serve until stopped."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(suites if "@SECLEVEL" in suites or oldest > "TLSv1.1" else f"{suites}:@SECLEVEL=0")
    context.load_cert_chain(pem)
    context.minimum_version, context.maximum_version = VERSIONS[oldest], VERSIONS[newest]
    with socket.create_server(("127.0.0.1", port)) as listening:
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_one, args=(connection, context, service), daemon=True).start()


def _one(connection: socket.socket, context: ssl.SSLContext, service: str) -> None:
    try:
        connection.settimeout(20)
        for awaited, said in GREETINGS.get(service, []):
            got = b""
            while awaited is not None and not got.endswith(awaited):
                got += connection.recv(256) or _gone()
            connection.sendall(said)
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)
    except OSError:
        connection.close()


def _gone() -> bytes:
    raise ConnectionResetError("the client went away")


if __name__ == "__main__":
    serve(int(sys.argv[1]), *sys.argv[2:7])
