"""The program behind `WrongClock`: a real NTP server whose clock is off. Arguments: port, file with the offset in seconds, manner."""

import socket
import struct
import sys
import time
from pathlib import Path

TO_UNIX = 2_208_988_800


def serve(port: int, offset_file: str, manner: str) -> None:
    """Answer until stopped; `manner` is fair, spoof (does not repeat the question) or a kiss code such as RATE."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", port))
        while True:
            asked, who = sock.recvfrom(512)
            if len(asked) >= 48:
                sock.sendto(_answer(asked, float(Path(offset_file).read_text()), manner), who)


def _answer(asked: bytes, offset: float, manner: str) -> bytes:
    now = _stamp(time.time() + offset)
    kiss = manner not in {"fair", "spoof"}
    reference = manner.encode().ljust(4, b"\0") if kiss else b"LOCL"
    origin = bytes(8) if manner == "spoof" else asked[40:48]
    head = struct.pack("!BBbbII4s", 4 << 3 | 4, 0 if kiss else 1, 6, -20, 0, 0, reference)
    return head + now + origin + now + now


def _stamp(seconds: float) -> bytes:
    whole = int(seconds)
    return struct.pack("!II", (whole + TO_UNIX) % 2**32, int((seconds - whole) * 2**32))


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3])
