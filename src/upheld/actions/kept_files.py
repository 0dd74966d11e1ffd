"""Files that entries of actions rest on, held against what is kept: there, with the digest and the size that the entry says."""

from collections.abc import Iterator
from hashlib import file_digest

import orjson

from upheld.actions.files import Kept
from upheld.ledger import store

_OF_AN_ACTION, _WITH_FILES = b'"rows":[{"changed":', b'"ev":[{"sha256":'


def deviations() -> Iterator[str]:
    """Yield a sentence for each file that is gone, or not what its entry says; every entry is read."""
    for log in store.all_logs():
        for index, data in enumerate(log.entries(0, log.size())):
            if _WITH_FILES in data and _OF_AN_ACTION in data:
                for said in orjson.loads(data)["ev"]:
                    if why := _wrong(str(said["sha256"]), int(said["size"])):
                        yield f"the file {said['sha256'][:16]}... that entry {index} of {log.origin} rests on {why}"


def _wrong(digest: str, size: int) -> str:
    kept = Kept.named(digest)
    if kept is None:
        return "is gone"
    if kept.size_bytes != size:
        return f"has {kept.size_bytes:,} bytes, and {size:,} were entered"
    with kept.path.open("rb") as file:
        return "" if file_digest(file, "sha256").hexdigest() == digest else "was changed"
