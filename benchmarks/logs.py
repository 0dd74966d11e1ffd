"""Rules over logs: events a CPU second of the whole process tree, and memory, with rules made ready before.

`python -m benchmarks.logs RULES FILE...`: a folder of Sigma rules, and files of JSON lines (such as OTRF's Security-Datasets with
SigmaHQ's `rules/windows`). It measures the files as they are, a million events made from them in which no main field's value
comes twice, and the first 50,000 from the start of the process; and beside these what parsing alone takes.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

VARIED, FIRST = 1_000_000, 50_000
_PATHS = ("Image", "ImageLoaded", "ParentImage", "SourceImage", "TargetImage", "TargetFilename", "TargetObject", "Application")
_PATHS += ("ProcessName", "NewProcessName", "ObjectName", "CurrentDirectory", "OriginalFileName", "PipeName")
_TEXTS = ("CommandLine", "ParentCommandLine", "ScriptBlockText", "CallTrace", "Details", "Payload", "ContextInfo", "Hashes", "Data")
_ADDRESSES = ("SourceIp", "DestinationIp", "IpAddress", "SourceAddress", "DestAddress")
_PORTS = ("SourcePort", "DestinationPort", "IpPort", "DestPort")


def lines(files: list[Path]) -> Iterator[bytes]:
    """Yield the lines of `files`, again and again."""
    while True:
        for file in files:
            with file.open("rb") as opened:
                yield from opened


def varied(event: dict[str, object], chance: random.Random) -> dict[str, object]:
    """Return `event` with values of its main fields that no other has."""
    for name, value in event.items():
        if not isinstance(value, str):
            continue
        token = f"{chance.getrandbits(40):010x}"
        if name in _PATHS:
            folder, _, rest = value.rpartition("\\")
            event[name] = f"{folder}\\{token}\\{rest}"
        elif name in _TEXTS:
            event[name] = f"{value} {token}"
        elif name in _ADDRESSES:
            event[name] = ".".join(str(each) for each in chance.randbytes(4))
        elif name in _PORTS:
            event[name] = str(chance.randrange(1, 65536))
    return event


def run(what: str, rules: str, files: list[Path]) -> None:
    """Look through `files` in a process of its own, and print what it took."""
    program = [sys.executable, "-m", "upheld", "logs", "scan", "--rules", rules, "--json", *map(str, files)]
    read, write = os.pipe()
    process = os.posix_spawn(program[0], program, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_CLOSE, read)])
    os.close(write)
    with os.fdopen(read, "rb") as said:
        last, detections = b"", -1
        for line in said:
            last, detections = line, detections + 1
    _, status, used = os.wait4(process, 0)
    told, seconds = orjson.loads(last), used.ru_utime + used.ru_stime
    print(
        f"{what}: {told['events']:,} events, {told['rules']:,} rules, {detections:,} detections: {seconds:.2f} CPU s,"
        f" {told['events'] / seconds:,.0f} events a CPU second, {used.ru_maxrss / 1024:,.0f} MB"
        + (f", status {os.waitstatus_to_exitcode(status)}" if status else "")
    )


def main() -> None:
    """Measure."""
    rules, files = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    first = list(islice(lines(files), FIRST))
    began = time.process_time()
    for line in first:
        orjson.loads(line)
    print(f"parsing alone: {len(first) / (time.process_time() - began):,.0f} events a CPU second; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        start, made = Path(folder, "first.jsonl"), Path(folder, "varied.jsonl")
        start.write_bytes(b"".join(first))
        first.clear()  # a process that is started counts as its own what the one that starts it has in memory
        chance = random.Random(1)
        with made.open("wb") as opened:
            opened.writelines(orjson.dumps(varied(orjson.loads(line), chance)) + b"\n" for line in islice(lines(files), VARIED))
        run("made ready", rules, [start])
        run("from the start", rules, [start])
        run("as they are", rules, files)
        run("varied", rules, [made])


if __name__ == "__main__":
    main()
