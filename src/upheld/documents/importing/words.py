"""Telling sentences, headings, fragments and talk to the reader apart, by their words alone."""

import re

_SAYS = {
    "is", "are", "was", "were", "has", "have", "must", "shall", "should", "will", "may", "can", "cannot", "does", "do",
    "ensures", "requires", "receives", "undergoes", "uses", "prevents", "we", "they", "it",
    "ist", "sind", "wird", "werden", "wurde", "wurden", "haben", "muss", "müssen", "darf", "dürfen", "kann", "können", "soll", "sollen",
    "erfolgt", "erfolgen", "besteht", "bestehen", "verfügt", "wir",
}  # fmt: skip
_SAYERS = {"the", "our", "all", "every", "each", "no", "any", "this", "these", "only", "everybody", "everyone", "nobody"}
_ASKS = {"how", "what", "where", "who", "why", "when", "which"}
_TO_READER = re.compile(
    r"(?:(?:visit|see|explore|follow|download|contact|read|share|print|return\s+to|request)\s+(?:us|our|your|this|the|more|about|how|a|an|full)"
    r"|learn\s+(?:more|how|about)|click|subscribe|sign\s+(?:up|in)\s+(?:for|to|now|here)|log\s*in\s+to|skip\s+to|back\s+to|go\s+to|looking\s+for"
    r"|discover|get\s+started|book\s+a|watch|(?:accept|reject|manage)\s+(?:all|cookies)|copy\s+link|please"
    r"|bitte|weitere\s+informationen|mehr\s+(?:erfahren|dazu)|zurück\s+z|hier\s+(?:finden|klicken)|kontaktieren\s+sie|zum\s+(?:inhalt|anfang)"
    r"|for\s+(?:more|further|additional|any)|if\s+you|you\s+(?:can|may)|in\s+case\s+of\s+questions)\b",
    re.IGNORECASE,
)
_ABOUT_PAGE = re.compile(
    r"(?:this|these|the\s+(?:following|present|below))\s+(?:\w+\s+){0,4}?(?:page|document|policy|annex|appendix|section|overview|list|table|summary|"
    r"measures|chapter|statement|schedule|toms?)\s+(?:\w+\s+)?(?:describes?|provides?|lists?|sets?\s+out|summari[sz]es?|explains?|outlines?|contains?|"
    r"applies|apply|forms?|gives?|shows?|covers?|details?|constitutes?|(?:is|are)\s+(?:part|an?\s+|intended|described|listed|set\s+out|based))"
    r"|(?:dies(?:e|es|er)|die\s+(?:folgenden?|nachfolgenden?|vorliegenden?)|das\s+(?:folgende|vorliegende))\s+(?:\w+\s+){0,3}?(?:dokument|anlage|anhang|"
    r"übersicht|liste|maßnahmen|seite|erklärung)\s+(?:beschreib|enth[aä]lt|gibt|fass|führ|bilde|gelten|gilt|ist|sind|dient|stell|konkretisier)"
    r"|(?:stand|letzte\s+(?:änderung|aktualisierung))\b|inhaltsverzeichnis|alle\s+rechte\s+vorbehalten"
    r"|(?:below|here)\s+(?:is|are|you)\b|an?\s+overview\s+of|(?:last|date)\s+(?:updated|modified|reviewed|of)|version\b|effective\s+(?:date|as)|"
    r"copyright|©|\(c\)|all\s+rights\s+reserved|table\s+of\s+contents|we\s+use\s+cookies|\W*[\"“'‘][^\"”'’]+[\"”'’]\s+means\b",
    re.IGNORECASE,
)
_KEPT_CURRENT = re.compile(
    r"\b(?:this|these|our|the)\s+(?:\w+\s+){0,4}?(?:page|document|policy|polices|policies|annex|measures|statement|schedule|toms?)\b.{0,40}?"
    r"\b(?:updated?|reviewed|revised|kept\s+(?:up|current))\b",
    re.IGNORECASE,
)
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|bzw|ggf|inkl|ca|vgl|bspw|usw|evtl|sog|insb|gem|mind|cf|vs|incl|excl|approx|no|nr|nos|art|arts|para|paras|sec|lit|abs|fig|inc|ltd|corp|co|dr|mr|mrs|ms|st|resp|max|min|"
    r"ref|vol|ed|al|u\.s|u\.k)|(?<![A-Za-z])[A-Z])\.$",
    re.IGNORECASE,
)
_STOPS = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9•])|(?<=[.!?][\"”’)])\s+(?=[A-Z])")
WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*")


def words(text: str) -> list[str]:
    """The words of `text` in lower case."""
    return [word.lower() for word in WORD.findall(text)]


def has_verb(text: str) -> bool:
    """Whether `text` says something rather than names it: it has a verb that is no noun, or somebody who acts."""
    return not _SAYS.isdisjoint(words(text))


def is_title(text: str, longest: int = 10) -> bool:
    """Whether `text` could head a section: short, begun with a capital or figure, without an end mark, and naming, not saying."""
    count = len(text.split())
    if not 0 < count <= longest or text[-1] in ".;,!" or not (text[0].isupper() or text[0].isdigit()):
        return False
    return not has_verb(text) or (words(text)[:1] or [""])[0] in _ASKS


def is_name(text: str, longest: int = 8) -> bool:
    """Whether `text` could name what follows it: few words, and none that a sentence begins or goes on with."""
    said = words(text)
    return 0 < len(said) <= longest and said[0] not in _SAYERS and not has_verb(text)


def is_claim(sentence: str) -> bool:
    """Whether `sentence` could be a promise: neither a question, nor talk to the reader, nor about the page itself."""
    if sentence.endswith("?") or not WORD.search(sentence):
        return False
    return keeps_page_current(sentence) or not (_TO_READER.match(sentence) or _ABOUT_PAGE.match(sentence))


def keeps_page_current(sentence: str) -> bool:
    """Whether `sentence` promises that the page itself is kept up to date."""
    return _KEPT_CURRENT.search(sentence) is not None and not sentence.lower().startswith(("last ", "date "))


def sentences(text: str) -> list[str]:
    """The sentences of `text`; abbreviations, initials and decimals end none."""
    found: list[str] = []
    start = 0
    for stop in _STOPS.finditer(text):
        if _ABBREVIATIONS.search(text[start : stop.start()].rstrip("\"'”’)]")):
            continue
        found.append(text[start : stop.start() + len(stop[0].rstrip())].strip())
        start = stop.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]
