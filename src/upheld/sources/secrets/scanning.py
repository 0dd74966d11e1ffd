"""The program that looks for secrets, by detect-secrets, in a process of its own: what it finds leaves it as fingerprints alone.

Reads from standard input a line of JSON, {"key": ..., "folder": ..., "most_bytes": ...}, and then a file's path a line;
writes a line of JSON for each file. Nothing is sent anywhere: no finding is tried at the service that it might belong to.
"""

import hashlib
import hmac
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file, scan_for_allowlisted_secrets_in_file
from detect_secrets.settings import transient_settings

# All of detect-secrets' own but the ones that ask a service whether a secret works, and that look at our own files.
FILTERS = [
    {"path": f"detect_secrets.filters.{name}"}
    for name in (
        "allowlist.is_line_allowlisted",
        "heuristic.is_sequential_string",
        "heuristic.is_potential_uuid",
        "heuristic.is_likely_id_string",
        "heuristic.is_templated_secret",
        "heuristic.is_prefixed_with_dollar_sign",
        "heuristic.is_indirect_reference",
        "heuristic.is_lock_file",
        "heuristic.is_not_alphanumeric_string",
        "heuristic.is_swagger_file",
    )
]


def found_in(path: Path, key: bytes) -> Iterator[dict[str, Any]]:
    """Yield what lies in `path`: line, kind, keyed fingerprint, SHA-1 as baselines write it, whether its line says that it is none."""
    seen: set[tuple[int, str, str]] = set()
    for allowed, scan in ((False, scan_file), (True, scan_for_allowlisted_secrets_in_file)):
        for secret in scan(str(path)):
            fingerprint = hmac.new(key, (secret.secret_value or "").encode(), hashlib.sha256).hexdigest()
            place = (secret.line_number, secret.type, fingerprint)
            if place not in seen:
                seen.add(place)
                yield {
                    "line": secret.line_number,
                    "kind": secret.type,
                    "fingerprint": fingerprint,
                    "sha1": secret.secret_hash,
                    "allowed": allowed,
                }


def main() -> None:
    """Look through the files that are named, one after the other."""
    told = orjson.loads(sys.stdin.buffer.readline())
    key, folder = bytes.fromhex(told["key"]), Path(told["folder"])
    plugins = [{"name": plugin.__name__} for plugin in get_mapping_from_secret_type_to_class().values()]
    with transient_settings({"plugins_used": plugins, "filters_used": FILTERS}):
        for line in sys.stdin.buffer:
            name = orjson.loads(line)
            path = folder / name
            try:
                too_large = path.stat().st_size > told["most_bytes"]
                with path.open("rb"):  # detect-secrets passes over in silence what it may not read
                    pass
                found = [] if too_large else list(found_in(path, key))
                answer = {"file": name, "unread": too_large, "found": found}
            except (OSError, ValueError, RecursionError) as error:
                answer = {"file": name, "unread": True, "found": [], "why": type(error).__name__}
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
