"""A bill of materials to rows: components, and the licences of each with the choices that they leave. Pure."""

from collections.abc import Iterator

from boolean import ParseError as NotBoolean
from license_expression import AND, OR, ExpressionError, LicenseExpression, Licensing

from upheld.evidence.table import Row
from upheld.sources.sbom.get import Bill
from upheld.sources.scanner.formats.cyclonedx import components
from upheld.sources.scanner.report import Node, NotReadable
from upheld.sources.source import SourceError

LONGEST = 2_000  # characters of an expression
MOST_CHOICES = 64
_CLASSIFIER = "License ::"  # what Python's packages say beside their licence
_SPDX = Licensing()
Choices = list[frozenset[str]]


def component_rows(bill: Bill, product: str) -> Iterator[Row]:
    """Yield the components of `bill`; each once, however often it is nested."""
    for each, id in _components(bill, product):
        yield {
            "id": id,
            "product_id": _product(bill, product),
            "name": each.at("name").text or id,
            "version": each.at("version").text or None,
            "purl": each.at("purl").text or None,
            "made_at": bill.root.at("metadata", "timestamp").instant,
        }


def licence_rows(bill: Bill, product: str) -> Iterator[Row]:
    """Yield each licence of each choice that a component leaves."""
    for each, id in _components(bill, product):
        for number, choice in enumerate(_choices(each), 1):
            for licence in sorted(choice):
                yield {"id": f"{id}/{number}/{licence}", "component_id": id, "choice": number, "licence_id": licence}


def _components(bill: Bill, product: str) -> list[tuple[Node, str]]:
    try:
        found: dict[str, Node] = {}
        for each in components(bill.root):
            name = "@".join(filter(None, (each.at("group").text, each.at("name").needed, each.at("version").text)))
            found.setdefault(f"{_product(bill, product)}/{each.at('purl').text or name}", each)
            for licence in each.at("licenses").each():
                licence.at("license", "id")
    except NotReadable as error:
        raise SourceError(f"{bill.name}: {error}", permanent=True) from error
    return [(each, id) for id, each in found.items()]


def _product(bill: Bill, product: str) -> str:
    return product or bill.root.at("metadata", "component", "name").text or bill.name


def _choices(component: Node) -> Choices:
    """Return the choices that a component leaves: of each, all licences hold. Several licences that are listed all hold."""
    listed = [_one(each) for each in component.at("licenses").each()]
    sure = [each for each in listed if each and not all(name.startswith(_CLASSIFIER) for choice in each for name in choice)]
    found: Choices = []
    for each in sure or listed:
        if each:
            found = [before | choice for before in found for choice in each] if found else each
    return list(dict.fromkeys(found))[:MOST_CHOICES]


def _one(licence: Node) -> Choices:
    if expression := licence.at("expression").text:
        return expressed(expression)
    name = licence.at("license", "id").text or licence.at("license", "name").text
    return [frozenset({name})] if name else []


def expressed(expression: str) -> Choices:
    """Return the choices that an SPDX `expression` leaves; one that cannot be read is one licence of that name, which no policy knows."""
    try:
        tree = _SPDX.parse(expression) if len(expression) <= LONGEST else None
    except (ExpressionError, NotBoolean):
        tree = None
    return _taken_apart(tree) if tree is not None else [frozenset({expression[:LONGEST]})]


def _taken_apart(tree: LicenseExpression) -> Choices:
    if isinstance(tree, OR):
        return [choice for part in tree.args for choice in _taken_apart(part)][:MOST_CHOICES]
    if isinstance(tree, AND):
        found: Choices = [frozenset()]
        for part in tree.args:
            found = [before | choice for before in found for choice in _taken_apart(part)][:MOST_CHOICES]
        return found
    return [frozenset({str(tree)})]
