"""Files that somebody handed in to be looked at before they are brought in: a day at most, and for nobody else."""

import secrets
import time
from pathlib import Path

from django.core import signing

from upheld import workspace
from upheld.accounts.person import Person

LASTS_SECONDS = 24 * 3600
_SALT = "upheld.waiting"


def put(content: bytes, person: Person) -> str:
    """Let `content` wait for `person`; return the token by which they get it again. What waited for more than a day is removed."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - LASTS_SECONDS:  # the file system's clock, which wrote the other one
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(content)
    return signing.dumps([name, str(person.account_id)], salt=_SALT)


def find(token: str, person: Person) -> Path | None:
    """Return the file that `person` was given `token` for, None where it is gone, or was somebody else's."""
    try:
        name, account = signing.loads(token, salt=_SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return None
    path = _folder() / name
    return path if account == str(person.account_id) and path.is_file() else None


def _folder() -> Path:
    return workspace.current().root / "waiting"
