"""Reading Markdown, by way of the HTML it stands for."""

import re

from markdown_it import MarkdownIt

from upheld.documents.importing.block import Block
from upheld.documents.importing.html import read_html

_FOOTNOTE = re.compile(r"(?m)^\[\^[^\]\s]{1,40}\]:[ \t]*|\[\^[^\]\s]{1,40}\]")


def read_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown page: CommonMark with tables. Footnotes are paragraphs; front matter between `---` lines is skipped."""
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].partition("\n---\n")[2]
    return read_html(MarkdownIt("commonmark", {"html": True}).enable("table").render(_FOOTNOTE.sub("", text)))
