"""Reading what was sent, up to a limit: more than that is never read at all."""

from django.http import HttpRequest


def whole(request: HttpRequest, most_bytes: int) -> bytes | None:
    """Return the body of `request`, or None where it has more than `most_bytes`."""
    said = request.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > most_bytes:
        return None
    content = request.read(most_bytes + 1)
    return content if len(content) <= most_bytes else None
