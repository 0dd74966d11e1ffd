"""The form of every action, made from its declaration: what was typed is kept, errors stand beside their fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.actions.allowing import why_not_at_all
from upheld.actions.asking import ask, ask_for_each
from upheld.actions.declaring import Action
from upheld.actions.errors import Change, Crossed, Ill, NoSuchRecord, NotAllowed, Refused
from upheld.actions.files import LARGEST_BYTES, keep_file
from upheld.actions.kinds import Choice, Kind, ListOf, RecordOf, Text
from upheld.actions.models import Record
from upheld.actions.parameters import Parameter
from upheld.registers.staff import Known, known
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.own_pages import address_of
from upheld.web.registers.showing import Link, link
from upheld.web.said import said, within
from upheld.web.wording import clipped

MOST_OFFERED = 300  # people or records that a field offers by name; of more, one types the number


@dataclass(frozen=True)
class Asked:
    """One field of the form: how it is asked for, what is in it (`who` that is, of people), and what is wrong with it."""

    parameter: Parameter
    control: str
    value: str
    wrong: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    who: str = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values of a field that takes several, one a line."""
        return tuple(self.value.splitlines())


@dataclass(frozen=True)
class FormPage:
    """The form of one action. `records` are those it will be done to; `crossed` what somebody else changed meanwhile."""

    action: Action[..., Any]
    records: tuple[Link, ...]
    back: str
    seen: str
    key: str
    fields: tuple[Asked, ...]
    wrong: tuple[str, ...]
    crossed: tuple[Change, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    has_file: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form of an action, and do it when it is sent."""
    person = cast(SignedInRequest, request).person
    action = finding.action(name)
    if why := why_not_at_all(action, person):
        return answer(request, "registers/refused", str(why), place="registers", status=403)
    numbers = request.POST.getlist("record") if request.method == "POST" else request.GET.getlist("record")
    records = _records(person, action, numbers)
    if request.method != "POST":
        given = _initial(action, records[0] if len(records) == 1 else None)
        given |= {each.name: request.GET[each.name][:2_000] for each in action.parameters if each.name in request.GET}
        return answer(request, "registers/act", _page(person, action, records, given, {}, key=str(uuid4())), place="registers")
    return _send(request, person, action, records)


def _records(person: Person, action: Action[..., Any], numbers: Sequence[str]) -> list[Record]:
    if action.on is None:
        return []
    if not numbers or not all(each.isdecimal() and len(each) < 19 for each in numbers):
        raise Http404(_("Say which %(register)s.") % {"register": within(str(action.on._meta.verbose_name))})
    return [finding.record(person, action.on, int(each)) for each in dict.fromkeys(numbers)]


def _send(request: HttpRequest, person: Person, action: Action[..., Any], records: list[Record]) -> HttpResponse:
    wrong: Mapping[str, Sequence[str]] = {}
    crossed: tuple[Change, ...] = ()
    given, files_wrong = _given(action, request.POST, request)
    status = 400
    try:
        if files_wrong:
            raise Ill(files_wrong)
        return HttpResponseRedirect(_do(action, given, person, records, request.POST))
    except Ill as error:
        wrong = error.fields
    except Crossed as error:
        wrong, crossed, status = {"": (str(error),)}, error.changes, 409
    except (NoSuchRecord, NotAllowed) as error:
        wrong, status = {"": (str(error),)}, 403
    except Refused as error:
        wrong, status = {"": (str(error),)}, 409
    page = _page(person, action, records, given, wrong, key=request.POST.get("key", "") or str(uuid4()), crossed=crossed)
    return answer(request, "registers/act", page, place="registers", status=status)


def _do(action: Action[..., Any], given: Mapping[str, Any], person: Person, records: list[Record], post: QueryDict) -> str:
    """Do it, and return the address of what came of it."""
    if len(records) > 1:
        ask_for_each(action, given, by=person, numbers=[each.pk for each in records])
        return _list_of(action, person)
    said, sent = post.get("seen", ""), post.get("key", "")[:80]
    seen = int(said) if said.isdecimal() else None
    done = ask(
        action, given, by=person, number=records[0].pk if records else None, seen=seen, key=f"{person.account_id}/{sent}" if sent else ""
    )
    register, _, made = done.record.rpartition("/")
    return address_of(person, register, int(made))


def _list_of(action: Action[..., Any], person: Person) -> str:
    if person.roles == {Role.CUSTOMER}:  # all that is theirs is on one page
        return reverse("customer")
    chapter, _, name = action.register.register().partition(".")
    return reverse("register", args=[chapter, name])


def _given(action: Action[..., Any], post: QueryDict, request: HttpRequest) -> tuple[dict[str, Any], dict[str, Sequence[str]]]:
    """Return what was typed, by field, with files kept and named by digest; and what is wrong with the files."""
    given: dict[str, Any] = {}
    wrong: dict[str, Sequence[str]] = {}
    for each in action.parameters:
        file = request.FILES.get(each.name)
        if isinstance(file, UploadedFile):
            if (file.size or 0) > LARGEST_BYTES:
                wrong[each.name] = (f"At most {LARGEST_BYTES // 1_000_000} MB.",)
            else:
                given[each.name] = keep_file(file.read()).sha256
        elif isinstance(each.kind, ListOf) and isinstance(each.kind.each, Choice):
            given[each.name] = post.getlist(each.name)
        elif (value := post.get(each.name, "")) != "":
            given[each.name] = value.replace("\r\n", "\n")
    return given, wrong


def _initial(action: Action[..., Any], record: Record | None) -> dict[str, Any]:
    """Return what the fields hold at first: the record's own values where it has a field of that name, else the default."""
    found: dict[str, Any] = {}
    for each in action.parameters:
        value = getattr(record, each.name, None) if record is not None and hasattr(record, each.name) else each.default
        if value is not None and not callable(value):
            found[each.name] = value
    return found


def _page(
    person: Person,
    action: Action[..., Any],
    records: list[Record],
    given: Mapping[str, Any],
    wrong: Mapping[str, Sequence[str]],
    *,
    key: str,
    crossed: tuple[Change, ...] = (),
) -> FormPage:
    links = tuple(link(each) for each in records)
    back = reverse("record", args=[links[0].chapter, links[0].register, links[0].number]) if len(links) == 1 else _list_of(action, person)
    kinds = {each.kind.control for each in action.parameters}
    people = known() if "person" in kinds else {}
    return FormPage(
        action=action,
        records=links,
        back=back,
        seen=str(records[0].version) if len(records) == 1 else "",
        key=key,
        fields=tuple(_asked(person, action, given, wrong, people)),
        wrong=tuple(wrong.get("", ())),
        crossed=crossed,
        people=tuple(_offered(people)),
        has_file="file" in kinds,
    )


def _asked(
    person: Person, action: Action[..., Any], given: Mapping[str, Any], wrong: Mapping[str, Sequence[str]], people: Mapping[str, Known]
) -> Iterator[Asked]:
    for each in action.parameters:
        value, options = _typed(given.get(each.name)), tuple(_options(each))
        control = _control(each.kind)
        if isinstance(each.kind, RecordOf) and (named := _named(person, each.kind.model, value)):
            control, options = "select", named
        somebody = people.get(value) if control == "person" else None
        yield Asked(each, control, value, tuple(wrong.get(each.name, ())), options, somebody.name if somebody else "")


def _named(person: Person, model: type[Record], chosen: str) -> tuple[tuple[str, str], ...]:
    """Return the records of `model` that `person` may choose by name; none where they are too many, or without what is `chosen`."""
    found = tuple((str(each.pk), clipped(str(each), 120)) for each in finding.seen(person, model)[: MOST_OFFERED + 1])
    fits = len(found) <= MOST_OFFERED and (not chosen or chosen in dict(found))
    return found if fits else ()


def _control(kind: Kind) -> str:
    if isinstance(kind, Text) and kind.lines:
        return "prose"
    if isinstance(kind, ListOf) and isinstance(kind.each, Choice):
        return "choices"
    return kind.control


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, Record):
        return str(value.pk)
    return str(value)


def _options(parameter: Parameter) -> Iterator[tuple[str, str]]:
    kind = parameter.kind.each if isinstance(parameter.kind, ListOf) else parameter.kind
    if isinstance(kind, Choice):
        for word in kind.words:
            yield word.value, said(word.value.replace("-", " ").capitalize())


def _offered(everybody: Mapping[str, Known]) -> Iterator[tuple[str, str]]:
    if len(everybody) <= MOST_OFFERED:
        yield from ((number, somebody.name) for number, somebody in sorted(everybody.items(), key=lambda each: each[1].name))
