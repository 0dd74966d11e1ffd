"""What a customer's contact sees: what is shared with their company, which is nothing yet, said in words."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Role
from upheld.web.page import answer


@dataclass(frozen=True)
class CustomerPage:
    """The customers that whoever looks speaks for, by the names that their roles were given for."""

    customers: tuple[str, ...]


@require_safe
def yours(request: HttpRequest) -> HttpResponse:
    """Show what is shared with whoever looks."""
    held = cast(SignedInRequest, request).person.held
    names = {each.over[1] for each in held if each.role is Role.CUSTOMER and each.over and each.over[0] == "customer"}
    return answer(request, "customer", CustomerPage(tuple(sorted(names))), place="customer")
