"""What looks like personal data in a value: by its form, its check digits, and what its column is called. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.exceptions import ValidationError

MAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
# Names that are nobody's for good (RFC 2606, RFC 6761).
NOBODYS = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$", re.IGNORECASE)
PHONE = re.compile(r"\+?\(?\d(?:[\s/().-]{0,3}\d){6,14}")
CARD = re.compile(r"\d(?:[ -]?\d){12,18}")
OF_PHONES = re.compile(r"phone|mobile|telefon|handy|^tel", re.IGNORECASE)
OF_CARDS = re.compile(r"card|^pan$|kredit|karte", re.IGNORECASE)
OF_TAX = re.compile(r"tax|steuer|idnr", re.IGNORECASE)
# Of the ranges that are kept for films and books: +1 555 01xx, and +44 1632 960.
MADE_UP_PHONES = re.compile(r"^\+?1?\D*\d{0,3}\D*555\D*01\d\d$|^\+?44\D*1632\D*960")


def _is(check: Callable[[str], object], value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


def _mail(column: str, value: str) -> bool:
    return any(not NOBODYS.search(found["domain"]) for found in MAIL.finditer(value))


def _iban(column: str, value: str) -> bool:
    return value[:2].isalpha() and _is(iban.validate, value)


def _card(column: str, value: str) -> bool:
    return bool(OF_CARDS.search(column) and CARD.fullmatch(value) and _is(luhn.validate, re.sub(r"\D", "", value)))


def _tax(column: str, value: str) -> bool:
    return bool(OF_TAX.search(column)) and _is(idnr.validate, value)


def _phone(column: str, value: str) -> bool:
    return bool(OF_PHONES.search(column) and PHONE.fullmatch(value) and not MADE_UP_PHONES.match(value))


KINDS: Mapping[str, Callable[[str, str], bool]] = {
    "mail addresses": _mail,
    "bank accounts": _iban,
    "payment cards": _card,
    "tax numbers": _tax,
    "phone numbers": _phone,
}


def found(columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> list[str]:
    """Return what looks like personal data, each with its column and how many: "mail addresses in mail (3)". No value is told.

    >>> found(["contact"], [["ada@example.org"], ["ada@lovelace.uk"]])
    ['mail addresses in contact (1)']
    """
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            for kind, looks in KINDS.items():
                if value is not None and looks(column, value.strip()):
                    counted[kind, column] += 1
    return [f"{kind} in {column} ({many})" for (kind, column), many in sorted(counted.items())]
