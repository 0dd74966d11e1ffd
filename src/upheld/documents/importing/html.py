"""Reading HTML: what a reader reads, without scripts, menus and cookie banners."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from upheld.documents.importing.block import Block, Kind, UnreadableError, row, tidy
from upheld.documents.importing.headings import heading_number, leading_mark
from upheld.documents.importing.words import has_verb, is_title

_DROPPED = (
    "script", "style", "noscript", "template", "iframe", "svg", "canvas", "object", "nav", "footer", "aside", "form", "button", "select",
    "input", "textarea", "dialog", "head", "video", "audio", "map",
)  # fmt: skip
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "complementary"}
_CHROME = re.compile(
    r"(?:^|[-_\s])(?:cookie|consent|breadcrumb|navbar|nav|menu|sidebar|share|social|newsletter|skip|footer)(?:$|[-_\s])", re.IGNORECASE
)
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small",
    "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_LISTS = {"ul", "ol", "menu", "dl"}
_HEADING = re.compile(r"h[1-6]")
_MAX_DEPTH = 200
_ENDS = (".", "!", "?", ":", ";")
# Words after which a sentence goes on, in the list below it.
_OPEN = {"are", "is", "be", "been", "must", "shall", "will", "can", "may", "to", "we", "not", "have", "has"}


def read_html(text: str) -> tuple[Block, ...]:
    """The blocks of an HTML page: of its main part when it marks one, else of its whole body.

    Raises `UnreadableError` for one nested more than 200 tags deep.
    """
    soup = BeautifulSoup(text, "lxml")  # closes what writers leave open, as browsers do
    for tag in soup.find_all(_is_chrome):
        if not tag.decomposed:
            tag.decompose()
    main = soup.find("main") or soup.select_one("[role=main]") or soup.body or soup
    return (*_title_over(soup, main), *_blocks(main, 0, "")) if isinstance(main, Tag) else ()


def _title_over(soup: BeautifulSoup, main: Tag) -> Iterator[Block]:
    """The page's title, where it stands before its main part and not in it."""
    title = soup.find("h1")
    if title is not None and main.name not in ("body", "[document]") and main.find("h1") is None:
        yield from _block(title, 0, "")


def _is_chrome(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main"):
        return False
    named = " ".join([*tag.get_attribute_list("class"), str(tag.get("id") or "")]) if tag.attrs else ""
    hidden = tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or "display:none" in str(tag.get("style", "")).replace(" ", "")
    header = tag.name == "header" and not tag.find(_HEADING)
    return tag.name in _DROPPED or header or hidden or _only_links(tag) or str(tag.get("role", "")) in _ROLES or bool(_CHROME.search(named))


def _only_links(tag: Tag) -> bool:
    """Whether `tag` is a list of links and nothing else: a menu, however it is marked."""
    items = tag.find_all("li", recursive=False) if tag.name in ("ul", "ol") else []
    return len(items) > 1 and all((link := item.find("a")) and tidy(link.get_text()) == tidy(item.get_text()) for item in items)


def _blocks(tag: Tag, depth: int, bullet: str) -> Iterator[Block]:
    """The blocks under `tag`; loose text between block tags is a paragraph, or a bullet when `bullet` says so."""
    if depth > _MAX_DEPTH:
        raise UnreadableError(f"The page is nested more than {_MAX_DEPTH} tags deep, which no reader's page is; save it as text.")
    loose: list[str] = []
    for child in tag.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                loose.append(str(child))
        elif isinstance(child, Tag) and child.name == "br":
            loose.append("\n")
        elif isinstance(child, Tag) and _is_inline(child):
            loose.append(_words(child))
        elif isinstance(child, Tag):
            yield from _flush(loose, bullet)
            loose = []
            yield from _block(child, depth, bullet)
    yield from _flush(loose, bullet)


def _block(tag: Tag, depth: int, bullet: str) -> Iterator[Block]:
    if _HEADING.fullmatch(tag.name or ""):
        if words := tidy(tag.get_text(" ")):
            number, title = heading_number(words)
            yield Block(Kind.HEADING, title, level=int(tag.name[1]), number=number)
    elif tag.name == "tr":
        yield from filter(None, map(row, _rows(tag.find_all(["td", "th"], recursive=False))))
    elif tag.name in ("li", "dd"):
        said = list(_blocks(tag, depth + 1, "bullet"))
        yield from _led(said) if _leads(tag) else said
    elif tag.name in ("dt", "summary") or _is_bold_title(tag):
        if words := tidy(_words(tag)):
            number, title = heading_number(words)
            yield Block(Kind.HEADING, title, level=6, number=number)
    else:
        inner = "" if tag.name in _LISTS or tag.name == "table" else bullet
        yield from _blocks(tag, depth + 1, inner)


def _rows(cells: Sequence[Tag]) -> Iterator[list[str]]:
    """The row of `cells`; where one of them is a list, a row for each of its items."""
    said = [tidy(_words(cell)) for cell in cells]
    lists = [n for n, cell in enumerate(cells) if len(_items(cell)) > 1]
    if len(lists) != 1:
        yield said
        return
    for item in _items(cells[lists[0]]):
        yield [tidy(_words(item)) if n == lists[0] else words for n, words in enumerate(said)]


def _items(cell: Tag) -> list[Tag]:
    """The items of the list that `cell` is nothing but."""
    inside = [each for each in cell.children if isinstance(each, Tag) or tidy(str(each))]
    alone = inside[0] if len(inside) == 1 else None
    return alone.find_all("li", recursive=False) if isinstance(alone, Tag) and alone.name in ("ul", "ol") else []


def _leads(tag: Tag) -> bool:
    """Whether the item `tag` begins with words of its own, and a list within it goes on."""
    for child in tag.children:
        if isinstance(child, Tag) and child.name in _LISTS:
            return False
        if tidy(child.get_text()):
            return tag.find(list(_LISTS)) is not None
    return False


def _led(blocks: list[Block]) -> Iterator[Block]:
    """`blocks` of an item whose first words are no sentence: they begin each of those that follow, or only lead to them."""
    lead = blocks[0].text
    if lead.split()[-1].lower() in _OPEN:
        yield from (replace(each, text=f"{lead} {each.text}") if each.kind is Kind.BULLET else each for each in blocks[1:])
    elif lead.endswith(_ENDS) or has_verb(lead):
        yield from blocks
    else:
        yield from [replace(blocks[0], text=f"{lead}:"), *blocks[1:]]


def _is_bold_title(tag: Tag) -> bool:
    """Whether `tag` is a paragraph of nothing but a few bold words, which head what follows without being marked so."""
    bold = tag.find(["strong", "b"]) if tag.name in ("p", "div") else None
    words = tidy(tag.get_text())
    return bold is not None and words == tidy(bold.get_text()) and is_title(heading_number(words)[1].rstrip(":"))


def _is_inline(tag: Tag) -> bool:
    return tag.name in _INLINE and not any(
        isinstance(inner, Tag) and inner.name not in _INLINE and inner.name != "br" for inner in tag.descendants
    )


def _words(tag: Tag) -> str:
    """The text of `tag`, with a line end for each <br> and before each block in it, so that no two sentences grow together."""
    parts: list[str] = []
    for part in tag.descendants:
        if isinstance(part, Tag):
            parts.append("" if part.name in _INLINE else "\n")
        elif isinstance(part, NavigableString) and not isinstance(part, PreformattedString):
            parts.append(str(part))
    return "".join(parts)


def _flush(loose: list[str], bullet: str) -> Iterator[Block]:
    """Blocks of loose text. Lines parted by <br> are one paragraph, unless a line is blank or begins with a mark."""
    text = "".join(piece if piece == "\n" else piece.replace("\n", " ") for piece in loose)
    marked = any(leading_mark(line)[0] for line in text.split("\n")) and "\n" in text
    for part in text.split("\n") if marked else re.split(r"\n\s*\n", text):
        mark, rest = leading_mark(tidy(part)) if marked else ("", tidy(part))
        if rest:
            yield Block(Kind.BULLET if bullet or mark else Kind.PARAGRAPH, rest)
