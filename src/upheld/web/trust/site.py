"""The Trust Center as files: pages, their twins, feeds, and what anybody verifies with; each made when it is first asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from gzip import compress
from hashlib import sha256
from pathlib import Path

from django.template import loader
from django.utils import translation

from upheld.evidence.visible import visible
from upheld.exports.oscal.words import RESULTS
from upheld.exports.position import Position
from upheld.ledger.verify.bundle import program
from upheld.registers.trust.models import Language
from upheld.web.trust import feeds, log, papers
from upheld.web.trust.changing import KINDS
from upheld.web.trust.pages import Page, pages
from upheld.web.trust.public import Checkpoint, Public
from upheld.web.trust.sitemap import SITEMAP, sitemap
from upheld.web.trust.twins import twin

HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
TWIN, PROOF = "index.json", ".tlog-proof"
_OURS = Path(__file__).parents[1] / "static" / "web"
_ASSETS = {"trust.css": "text/css; charset=utf-8", "verify.js": "text/javascript; charset=utf-8", "mark.svg": "image/svg+xml"}


@dataclass(frozen=True)
class File:
    """What is answered at a path."""

    media: str
    content: bytes

    @cached_property
    def etag(self) -> str:
        """The name of exactly this content."""
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes:
        """The content compressed; the same each time."""
        return compress(self.content, 6, mtime=0)


@dataclass(frozen=True)
class VerifyPage:
    """How to verify: the checkpoint and its key, and the digest of the verifier."""

    checkpoint: Checkpoint | None
    verifier: str


@dataclass(frozen=True)
class Site:
    """All files of the Trust Center. `index` is what links to pages end in: nothing on a server, `index.html` in a folder.

    `mount` is the path that it is served below, "" in a folder; other languages lie below that.
    """

    public: Public
    index: str = ""
    mount: str = ""
    _made: dict[str, File] = field(default_factory=dict, repr=False, compare=False)
    _verify: dict[Checkpoint | None, dict[str, File]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page that does not depend on the ledger's last checkpoint, by path."""
        with translation.override(self.public.language):
            return pages(self.public)

    @cached_property
    def papers(self) -> dict[str, None]:
        """Paths of what else is made of the pages: documents as PDF, if that can be made, and all as OSCAL, once something was judged."""
        return dict.fromkeys((*papers.pdfs(self.public), *papers.results(self.public)))

    @cached_property
    def _stood(self) -> Position:
        return papers.stood(self.public)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have addresses of their own; none in a folder."""
        return tuple(each.value for each in Language) if self.mount else ()

    @property
    def maps(self) -> tuple[str, ...]:
        """The path of the sitemap, which is there where the address is known."""
        return (SITEMAP,) if self.public.home else ()

    @cached_property
    def entries(self) -> frozenset[str]:
        """The ids of the ledger's entries that pages name, and that alone are handed out with their proofs."""
        found = {each.entry for document in self.public.documents for each in document.versions}
        every = [means for document in self.public.documents for promise in document.promises for means in promise.means]
        return frozenset(found | {means.entry for means in every if means.entry})

    def file(self, path: str) -> File | None:
        """Return the file at `path`; None where there is none. It is made once."""
        if path not in self._made:
            made = self._make(path)
            if made is None:
                return None
            self._made[path] = made
        return self._made[path]

    def once(self, name: str, make: Callable[[], File]) -> File:
        """Return what `make` makes of the site, made when it is first asked for by `name`, which is no path."""
        key = f"\0{name}"
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def verify(self, checkpoint: Checkpoint | None) -> dict[str, File]:
        """Return the files that change with each checkpoint, by path: how to verify, the checkpoint, its key, and rotations of keys.

        They are made once for each.
        """
        made = self._verify.get(checkpoint)
        if made is None:
            made = self._verifying(checkpoint)
            self._verify.clear()
            self._verify[checkpoint] = made
        return made

    def _verifying(self, checkpoint: Checkpoint | None) -> dict[str, File]:
        shows = VerifyPage(checkpoint, program.digest(log.verifier()))
        page = Page("verify/", "verify", "Check it yourself", shows, "verify")
        found = {"verify/": self.rendered(page), f"verify/{TWIN}": File(JSON, twin(page, self.public))}
        if checkpoint is not None:
            said = {"checkpoint": checkpoint.note, "key": f"{checkpoint.key}\n", "rotations": checkpoint.rotations}
            found |= {f"verify/{name}": File(TEXT, text.encode()) for name, text in said.items()}
        return found

    def proof(self, path: str) -> File | None:
        """Return the proof of an entry that some page names; None for all others."""
        entry_id = path.removeprefix("proofs/").removesuffix(PROOF)
        text = log.proof(entry_id) if path == f"proofs/{entry_id}{PROOF}" and entry_id in self.entries else None
        return File(TEXT, text) if text else None

    def rendered(self, page: Page, **more: object) -> File:
        """Return `page` as HTML, with characters that nobody can see as their escapes."""
        root = "../" * page.path.count("/")
        others = [each for each in self.languages if each != self.public.language]
        context = {"page": page.shows, "at": page, "public": self.public, "root": root, "index": self.index, "mount": self.mount}
        context |= {"oscal": self._oscal_of(page), "pdfs": any(path.endswith(papers.PDF) for path in self.papers)}
        with translation.override(self.public.language):
            said = loader.render_to_string(f"web/trust/{page.template}.html", context | {"others": others, **more})
        return File(HTML, visible(said, keep="\n\t").encode())

    def _oscal_of(self, page: Page) -> str:
        """Return where what `page` is about is as OSCAL: by itself, or with all others; "" where nothing is."""
        own = f"{page.path}{RESULTS}"
        return own if own in self.papers else papers.WHOLE if papers.WHOLE in self.papers else ""

    def _make(self, path: str) -> File | None:
        if path in self.pages:
            return self.rendered(self.pages[path])
        folder, _, name = path.rpartition("/")
        at = f"{folder}/" if folder else ""
        if name == TWIN and at in self.pages:
            return File(JSON, twin(self.pages[at], self.public))
        if path in _FEEDS:
            media, write, kind = _FEEDS[path]
            with translation.override(self.public.language):
                return File(media, write(self.public, kind))
        if path in self.papers:
            return self._paper(path)
        if path in self.maps:
            return File("application/xml", sitemap(self.public, self.pages.values(), self.languages))
        if path in _ASSETS:
            return File(_ASSETS[path], (_OURS / path).read_bytes())
        return File("application/zip", log.verifier()) if path == f"verify/{program.NAME}" else None

    def _paper(self, path: str) -> File:
        if path.endswith(papers.PDF):
            return File("application/pdf", papers.pdf(self.public, path.split("/")[1]))
        return File(JSON, papers.oscal(self._stood, path, self.public))


_FORMS: tuple[tuple[str, Callable[[Public, str], bytes]], ...] = (
    ("application/atom+xml; charset=utf-8", feeds.atom),
    ("application/feed+json", feeds.json_feed),
    ("text/calendar; charset=utf-8", feeds.calendar),
)
_FEEDS = {path: (*form, kind) for kind in ("", *KINDS) for path, form in zip(feeds.paths(kind), _FORMS, strict=True)}
FILES = (*_FEEDS, *_ASSETS, f"verify/{program.NAME}")
