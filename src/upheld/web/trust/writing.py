"""The Trust Center as a folder of static files, for any web host, or to be opened as it lies there."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import orjson

from upheld.web.trust.log import checkpoint
from upheld.web.trust.serving import contact
from upheld.web.trust.site import FILES, PROOF, TWIN, Site
from upheld.web.trust.sitemap import robots

LIST = "files.json"
INDEX = "index.html"


class NotOurs(FileExistsError):
    """The folder holds something else than a Trust Center that was written before."""


def write(site: Site, folder: Path) -> int:
    """Write all of `site` below `folder`, and take away what an earlier call left there and is gone since; return how many files.

    Each file is exchanged as a whole. Raises `NotOurs` for a folder with other things in it, and `OSError`.
    """
    before = _before(folder)
    written: dict[str, str] = {}
    for path, content in files(Site(site.public, INDEX)):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.part")
        draft.write_bytes(content)
        draft.replace(place)
        written[path] = sha256(content).hexdigest()
    (folder / LIST).write_bytes(orjson.dumps(written, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    for path in before - written.keys():
        (folder / path).unlink(missing_ok=True)
    return len(written)


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield each file's path in the folder and its content."""
    for path in site.pages:
        yield f"{path}{INDEX}", _content(site, path)
        yield f"{path}{TWIN}", _content(site, f"{path}{TWIN}")
    for path in (*FILES, *site.papers, *site.maps):
        yield path, _content(site, path)
    for path, file in site.verify(checkpoint()).items():
        yield f"{path}{INDEX}" if path.endswith("/") else path, file.content
    for entry in sorted(site.entries):
        path = f"proofs/{entry}{PROOF}"
        if (proof := site.proof(path)) is not None:
            yield path, proof.content
    if site.public.home:
        yield "robots.txt", robots(site.public, "/")
    if site.public.contact_until_on > site.public.day:
        yield ".well-known/security.txt", contact(site.public).encode()


def _content(site: Site, path: str) -> bytes:
    file = site.file(path)
    assert file is not None, f"{path} is listed"
    return file.content


def _before(folder: Path) -> set[str]:
    """Return the paths that an earlier call wrote."""
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    try:
        said = orjson.loads((folder / LIST).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError) as error:
        raise NotOurs(f"{folder} holds other things: name a folder that is empty or not there yet") from error
    safe = {path for path in said if isinstance(path, str) and not path.startswith("/") and ".." not in path.split("/")}
    return safe if isinstance(said, dict) else set()
