"""Reading citations of clauses out of running text, in the many spellings that people use."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CLOUD = "CSA CCM 4"
EDITION_2013, EDITION_2022 = "ISO/IEC 27001:2013", "ISO/IEC 27001:2022"
PRIVACY_2019, PRIVACY_2025 = "ISO/IEC 27701:2019", "ISO/IEC 27701:2025"

_ISO = r"(?:\bISO(?:\s*/\s*IEC)?[\s\-–]*)?"
_YEAR = r"(?:\s*[:(]\s*{}\b\)?)?"
_TWIN = rf"(?:\s*(?:/|and|&|,)\s*{_ISO}2700[12]\b{_YEAR.format('20[12][0-9]')})?"  # "ISO 27001/27002" is one name
_MENTION = rf"(?P<mention>{_ISO}\b(?P<family>27001|27002|27701)\b{_YEAR.format('(?P<year>20[12][0-9])')}{_TWIN})"
_ANNEX = r"(?:(?P<annex>Annex\s+[AB]|(?-i:[AB]))(?:\s?\.\s?|(?=\d)|(?<=Annex\s[AB])\s+))?"
_UNIT = r"(?:[mb]illion|per\s?cent|hours?|days?|months?|years?|[KMGT]B|times)\b"
_NUMBER = rf"(?P<number>(?<![\w.,]){_ANNEX}(?P<digits>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?![\w%]|\.?\d|\s*(?:%|{_UNIT})))"
_CRITERION = r"(?P<criterion>(?:\bSOC\s*2\b[\s:,–-]*)?(?<![\w.])(?P<item>(?-i:CC[1-9]|PI1|A1|C1|P[1-8])\.\d{1,2})(?!\w|\.\d))"
_MATRIX = r"CCM|CAIQ|Cloud\s+Controls\s+Matrix"
_DOMAIN = r"(?-i:A&A|AIS|BCR|CCC|CEK|DCS|DSP|GRC|HRS|IAM|IPY|IVS|LOG|SEF|STA|TVM|UEM)"
# A question of the CAIQ is counted below the control that it asks about: IAM-07.1.
_CLOUD = (
    rf"(?P<cloud>(?:\b(?:CSA\s+)?(?:{_MATRIX})\b(?:\s+v?4(?:\.\d+)*(?!\d))?[\s:,–-]*)?"
    rf"(?<![\w&-])(?P<control>{_DOMAIN}-\d{{2}})(?:\.\d{{1,2}})?(?![\w-]|\.\d))"
)
_POINT = (
    r"(?:\s?\(\d{1,2}\)|\s*(?:para(?:graph)?|Abs(?:atz)?)\b\.?\s*\d{1,2}\b)?"
    r"(?:\s?\([a-z]\)|\s*(?:lit|point|Buchst)\b\.?\s*\(?[a-z]\b\)?)?"
)
_LAWS = {
    "GDPR": r"GDPR|DS-?GVO|General\s+Data\s+Protection\s+Regulation|Regulation\s+\(EU\)\s+2016/679",
    "NIS2": r"NIS[\s-]?2(?:\s+Directive)?|Directive\s+\(EU\)\s+2022/2555",
}
_LAW = rf"\b(?:{'|'.join(_LAWS.values())})\b"
_ART = r"\bArt(?:icles?|ikels?|s)?\b\.?\s*"
_ITEM = rf"\d{{1,3}}{_POINT}(?!\w|[.]\d|\s*(?:%|{_UNIT}))"
_ARTICLE = rf"(?P<article>(?:{_LAW}[\s,:\-–]*{_ART}|{_LAW}\s+|{_ART})(?P<items>{_ITEM}(?:\s*(?:,|and|or|und|&|/)\s*{_ITEM})*))"
_TOKEN = re.compile("|".join((_MENTION, _ARTICLE, _CRITERION, _CLOUD, _NUMBER)), re.IGNORECASE)

_JOINING = re.compile(
    r"(?:[\s\-–—:,;()\[\]/&.]|\b(?:annex|a|controls?|clauses?|sections?|and|or|to|und|nos?|nr|see|cf|ref)\b)*", re.IGNORECASE
)
_LAW_NAMED = re.compile("|".join(rf"\b(?P<{law}>{names})\b" for law, names in _LAWS.items()), re.IGNORECASE)
_LAW_AFTER = 60  # characters within which "Article 28 of the ... GDPR" names its law
_SOC_NAMED = re.compile(r"\bSOC\s*2|\bTSC\b|trust\s+services", re.IGNORECASE)
_MATRIX_NAMED = re.compile(rf"\b(?:{_MATRIX})\b", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,3})(?:\D*?(\d{1,2}))?(?:[^a-z]*(?:lit|point|buchst)?[^a-z]*\b([a-z])\b)?", re.IGNORECASE)
# Clauses of the management system itself, which are no controls of Annex A though their numbers look alike.
_BODY = re.compile(r"4\.[1-4]|5\.[1-3]|6\.[1-3]|7\.[1-5]|8\.[1-3]|9\.[1-3]|10\.[12]")
_OF_YEAR = {
    "2013": EDITION_2013,
    "2014": EDITION_2013,
    "2015": EDITION_2013,
    "2017": EDITION_2013,
    "2022": EDITION_2022,
    "2023": EDITION_2022,
}


@dataclass(frozen=True)
class Citation:
    """One clause cited in a text. `start` and `end` are where it stands there, with the standard's name where that leads.

    `standard` is a guess at the edition where `edition_said` is false: the number's shape tells it, or else the text around it.
    """

    standard: str
    number: str
    written: str
    start: int
    end: int
    edition_said: bool

    @property
    def cited(self) -> str:
        """Its full form, as in "ISO/IEC 27001:2013 A.9.2.6"; whether there is such a clause is `standard.exists`'s to say."""
        return f"{self.standard} {self.number}"


def citations(text: str, *, edition: str | None = None) -> tuple[Citation, ...]:
    """Every clause that `text` cites, in order.

    `edition` is the edition of ISO/IEC 27001 that the text around follows; without it, the shape of a number decides
    (A.9.2.6 is of 2013, A.5.18 of 2022). A bare number counts only right after the name of a standard.
    """
    return tuple(_read(text, edition))


def common_edition(texts: Iterable[str]) -> str | None:
    """The edition of ISO/IEC 27001 that most citations in `texts` follow; None without any."""
    votes = [one.standard for text in texts for one in citations(text) if one.standard in (EDITION_2013, EDITION_2022)]
    return max(sorted(set(votes)), key=votes.count) if votes else None


def without(text: str) -> str:
    """`text` without the citations before it, after it and in brackets of their own; those that carry the sentence stay."""
    marks = {chr(0xE000 + n): text[one.start : one.end] for n, one in enumerate(citations(text)[:6000])}
    for mark, one in reversed(list(zip(marks, citations(text), strict=False))):
        text = text[: one.start] + mark + text[one.end :]
    run = rf"[\uE000-\uF8FF](?:[\s,;/&–—-]|\band\b|\bor\b|\bund\b|\bto\b|{_LAW}|[\uE000-\uF8FF])*"
    text = re.sub(rf"\s*[(\[]\s*(?:(?:see|cf|ref)\b[.:]?)?\s*{run}[)\]]", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"[\s–—-]*(?:\b(?:see|cf|ref)\b[.:]?\s*)?{run}(\.?)\s*$", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(rf"^\s*{run}[\s:.–—-]*", "", text, flags=re.IGNORECASE)
    return "".join(marks.get(character, character) for character in re.sub(r"([.!?])\.$", r"\1", text)).strip()


def _read(text: str, edition: str | None) -> Iterator[Citation]:
    mention: re.Match[str] | None = None
    reached = 0
    for token in _TOKEN.finditer(text):
        if token["mention"]:
            mention, reached = token, token.end()
        elif token["article"]:
            yield from _articles(token, text)
        elif token["criterion"] or token["cloud"]:
            yield from _lettered(token, text)
        else:
            joined = mention is not None and _JOINING.fullmatch(text, reached, token.start()) is not None
            found = _control(token, mention if joined else None, edition)
            if found is not None:
                first = mention if joined and mention and reached == mention.end() else None
                start = (first or token).start()
                yield Citation(found[0], found[1], text[start : token.end()], start, token.end(), found[2])
                reached = token.end()


def _lettered(token: re.Match[str], text: str) -> Iterator[Citation]:
    """A criterion, or a control of the matrix: those alone that cannot be anything else, or where `text` names what they are of."""
    if token["criterion"] and (token["item"].startswith("CC") or _SOC_NAMED.search(text)):
        yield Citation("SOC 2", token["item"], token["item"], token.start(), token.end(), edition_said=True)
    if token["cloud"] and _MATRIX_NAMED.search(text):  # elsewhere "LOG-12" may be anything
        yield Citation(CLOUD, token["control"], token["cloud"], token.start(), token.end(), edition_said=True)


def _control(token: re.Match[str], mention: re.Match[str] | None, edition: str | None) -> tuple[str, str, bool] | None:
    """Standard, number, and whether the edition was said; None for a number that is no citation."""
    prefix, digits = (token["annex"] or "")[-1:].upper(), token["digits"]
    if mention is None:
        if prefix != "A" or not 5 <= int(digits.partition(".")[0]) <= 18:
            return None
        standard, number = _security(prefix, digits, None, edition)
        return standard, number, False
    if mention["family"] == "27701":
        standard, number = _privacy(prefix, digits, mention["year"])
    else:
        standard, number = _security(prefix, digits, mention["year"], edition)
    return standard, number, mention["year"] is not None


def _security(prefix: str, digits: str, year: str | None, edition: str | None) -> tuple[str, str]:
    parts = digits.count(".") + 1
    standard = _OF_YEAR.get(year or "") or (EDITION_2013 if parts > 2 else edition or EDITION_2022)
    body = not prefix and (parts > 2 if standard == EDITION_2022 else _BODY.fullmatch(digits) is not None)
    return standard, digits if body else f"A.{digits}"


def _privacy(prefix: str, digits: str, year: str | None) -> tuple[str, str]:
    newer = year == "2025" or (year is None and digits[0] in "123" and prefix == "A")
    if newer:
        return PRIVACY_2025, f"{prefix or 'A'}.{digits}"
    return PRIVACY_2019, digits  # its annexes A and B repeat the numbers of clauses 7 and 8


def _articles(token: re.Match[str], text: str) -> Iterator[Citation]:
    law = _law_of(token, text)
    if law is None:
        return
    offset = token.start("items")
    for n, item in enumerate(re.finditer(_ITEM, token["items"], re.IGNORECASE)):
        parts = _PARTS.fullmatch(item[0].rstrip(" )"))
        if parts is None:
            continue
        number = parts[1] + "".join(f"({part.lower()})" for part in parts.groups()[1:] if part)
        start = token.start() if n == 0 else offset + item.start()
        end = offset + item.end()
        yield Citation(law, number, text[start:end], start, end, edition_said=True)


def _law_of(token: re.Match[str], text: str) -> str | None:
    """The law whose articles `token` cites: named with them, soon after them, or else anywhere in the text; None without any."""
    near = text[token.end() : token.end() + _LAW_AFTER]
    found = _LAW_NAMED.search(token[0]) or _LAW_NAMED.search(near) or _LAW_NAMED.search(text)
    return found.lastgroup if found else None
