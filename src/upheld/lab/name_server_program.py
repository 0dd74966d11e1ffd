"""The program behind `NameServer`: answers from a zone file, read anew for each question. Arguments: port, file."""

import socket
import sys
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.zone


def answer(asked: bytes, zone_file: str) -> bytes:
    """Return what the zone says."""
    query = dns.message.from_wire(asked)
    told, question = dns.message.make_response(query), query.question[0]
    told.flags |= dns.flags.AA
    zone = dns.zone.from_text(Path(zone_file).read_text(encoding="utf-8"), origin=dns.name.root, relativize=False, check_origin=False)
    node = zone.get_node(question.name)
    if node is None:
        told.set_rcode(dns.rcode.NXDOMAIN)
    elif records := node.get_rdataset(question.rdclass, question.rdtype):
        found = told.find_rrset(told.answer, question.name, question.rdclass, question.rdtype, create=True)
        for record in records:
            found.add(record, records.ttl)
    return told.to_wire()


def serve(port: int, zone_file: str) -> None:
    """Answer until stopped."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        while True:
            asked, who = sock.recvfrom(4096)
            sock.sendto(answer(asked, zone_file), who)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
