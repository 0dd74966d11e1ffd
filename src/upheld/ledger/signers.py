"""Who signs a log: which key is in force, which were before it, and where a private key is: a file, or a token behind PKCS#11.

The first key lies in `<origin>.key` of the key directory, one that took over in `<origin>.<id>.key`, or its token is named in
`<origin>.<id>.pkcs11`; the statement by which it took over lies beside it (`.rotation`). Which key is in force, the database
says; where it is, never: a module to load is no business of a database.
"""

from contextlib import suppress
from pathlib import Path

from django.db import connection

from upheld.ledger import canonical, entry, hardware, keys, rotation, store
from upheld.ledger.checkpoint import MalformedCheckpoint, MalformedKey, VerificationKey, parse_key
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.keys import Signer
from upheld.ledger.models import SigningKey
from upheld.ledger.policy import Policy
from upheld.ledger.rotation import KeyRange, Rotation, UntrustedRotation
from upheld.ledger.store import StoredLog

STATEMENT = ".rotation"
GO_ON = "go on in a new log by `upheld ledger new-shard`"


def signer(log: StoredLog) -> Signer:
    """Return what signs the next checkpoint of `log`.

    Raises `FileNotFoundError`, `KeyExposed`, `MalformedKey` or, when it signs, `hardware.TokenFailed`.
    """
    path = place(log)
    found: Signer = hardware.load(path) if path.suffix == hardware.SUFFIX else keys.load(path)
    last = _rows(log)[-1:]
    if last and found.key.text() != last[0].key:
        raise MalformedKey(f"{path} holds the key {found.key.id.hex()}, and {last[0].key} is in force")
    return found


def key(log: StoredLog) -> VerificationKey:
    """Return the public key in force for `log`, after a look at its private half's place. Raises as `signer` does."""
    return signer(log).key


def told(log: StoredLog) -> VerificationKey:
    """Return the public key in force for `log`; where nobody has it any more, the one that signed what is here by what it says itself.

    Raises `MalformedKey`.
    """
    try:
        return key(log)
    except (OSError, MalformedKey):
        found, signed = declared(log).keys, log.checkpoint()
        return next((each.key for each in found if signed is not None and each.covers(signed[0])), found[-1].key)


def place(log: StoredLog) -> Path:
    """Return the file in the key directory that holds the key in force, or names its token. Raises `FileNotFoundError`."""
    rows = _rows(log)
    if not rows:
        first = key_directory() / file_name(log.origin, "key")
        if not first.exists():
            since = ": the database is of before it was rotated" if _stated(log) else ""
            raise FileNotFoundError(
                f"the key {first.name} of {log.origin} is gone from {first.parent}{since}; bring back what is newer, or {GO_ON}"
            )
        return first
    key_id = parse_key(rows[-1].key).id.hex()
    found = [path for path in _places(log.origin, key_id) if path.exists()]
    if not found:
        raise FileNotFoundError(f"the key {key_id} of {log.origin} is gone from {key_directory()}; bring it back, or {GO_ON}")
    return found[0]


def policy(log: StoredLog) -> Policy:
    """Return which keys may sign which sizes of `log`: the key in force, which is in our hands, and those that handed over to it.

    Raises as `signer` does, and `UntrustedRotation` if the rotations in the database do not lead to the key in force.
    """
    mine = key(log)
    rows = _rows(log)
    rotations = [rotation.parse(row.note.encode(), keys.verify_signature) for row in rows]
    first = rotations[0].old if rotations else mine
    ranges = rotation.follow([KeyRange(first)], rotations)
    if ranges[-1].key != mine or len(ranges) != len(rows) + 1:
        raise UntrustedRotation(f"the rotations kept for {log.origin} do not lead from one key to the next, up to the one in force")
    return Policy(ranges)


def declared(log: StoredLog) -> Policy:
    """Return which keys `log` itself says may sign it, where nobody has its key any more: that alone vouches for nothing.

    Statements in the key directory count, too: a database that was brought back knows of no rotation since.
    Raises `MalformedKey` where it says none, and `UntrustedRotation`.
    """
    for text in log.entries(0, min(2, log.size())):  # a log that goes on from another says that first
        fields = entry.read(canonical.read(text))
        if fields.kind == "key.created":
            rotations = [rotation.parse(row.note.encode(), keys.verify_signature) for row in _rows(log)]
            return Policy(rotation.follow([KeyRange(parse_key(str(fields.body["key"])))], [*rotations, *_stated(log)]))
    raise MalformedKey(f"{log.origin} names no key of its own")


def retired(log: StoredLog) -> list[Path]:
    """Return the files of private keys that were taken over from and are still there."""
    rows = _rows(log)
    if not rows:
        return []
    ids = [rotation.parse(row.note.encode(), keys.verify_signature).old.id.hex() for row in rows]
    places = [key_directory() / file_name(log.origin, "key"), *(path for key_id in ids for path in _places(log.origin, key_id))]
    mine = place(log)  # an id is four bytes, and a key that has that of another can be made
    return [path for path in places if path.exists() and path != mine]


def known() -> list[VerificationKey]:
    """Return the public keys whose private halves are here or in a token named here, and those that handed over to one of them.

    It reads the key directory alone, so that it serves where there is no database yet. What cannot be read vouches for nothing.
    """
    found, stated = [], []
    for path in sorted(key_directory().iterdir()):
        with suppress(OSError, MalformedKey, MalformedCheckpoint, UntrustedRotation):
            if path.suffix == ".key" and path.name != "witness.key":
                found.append(keys.load(path).key)
            elif path.suffix == hardware.SUFFIX:
                found.append(hardware.load(path).key)
            elif path.suffix == STATEMENT:
                stated.append(rotation.parse(path.read_bytes(), keys.verify_signature))
    try:
        return [each.key for each in rotation.follow([KeyRange(each) for each in found], stated)]
    except UntrustedRotation:
        return found


def signer_of(origin: str) -> Signer | None:
    """Return what signs the log `origin`, or None where it is not here or cannot be used."""
    log = next((each for each in store.all_logs() if each.origin == origin), None)
    try:
        return None if log is None else signer(log)
    except (OSError, MalformedKey):
        return None


def new_place(origin: str, key_id: str, suffix: str) -> Path:
    """Return where a key that takes over, or the name of its token, is put."""
    return key_directory() / file_name(origin, f"{key_id}{suffix}")


def _places(origin: str, key_id: str) -> list[Path]:
    return [new_place(origin, key_id, suffix) for suffix in (".key", hardware.SUFFIX)]


def _stated(log: StoredLog) -> list[Rotation]:
    """Return what the key directory has of statements that keys of `log` handed over. One that cannot be read says nothing."""
    found = []
    for path in sorted(key_directory().glob(file_name(log.origin, f"*{STATEMENT}"))):
        with suppress(OSError, MalformedCheckpoint, UntrustedRotation):
            found.append(rotation.parse(path.read_bytes(), keys.verify_signature))
    return [each for each in found if each.origin == log.origin]


def _rows(log: StoredLog) -> list[SigningKey]:
    if not _can_rotate(str(connection.settings_dict["NAME"])):
        return []
    return list(SigningKey.objects.filter(log=log.number).order_by("after"))


_rotatable: set[str] = set()


def _can_rotate(database: str) -> bool:
    """Whether the database has the table of keys that took over: one of release 0.1.0 has not, and is backed up before it is taken over."""
    if database not in _rotatable and SigningKey._meta.db_table in connection.introspection.table_names():
        _rotatable.add(database)
    return database in _rotatable
