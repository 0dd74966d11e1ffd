"""Names as people may safely read them: characters that cannot be seen, or that turn text around, as their escapes. Pure."""

import re

# Controls (C0, C1), the soft hyphen, marks, embeddings, overrides and isolates of direction (UAX 9), separators of lines,
# fillers without a width, half surrogates, and tags. The joiners U+200C and U+200D stay: Persian and emoji are written with them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str, *, keep: str = "") -> str:
    r"""Return `text` with each hidden character as its escape: `\n`, `\x1b`, `\u202e`, `\U000e0041`; those in `keep` stay.

    It is for showing only: what is stored, compared and digested is the text itself, which this cannot be turned back into.
    """
    return _HIDDEN.sub(lambda found: found[0] if found[0] in keep else found[0].encode("unicode_escape").decode("ascii"), text)
