"""Where the one thing to do is done: the page that a line of My work, a mail or a calendar leads to."""

from urllib.parse import urlencode

from django.urls import reverse

from upheld.duties.work import Owed

# Actions that have a page of their own, by the name of its address; others have the form made from their declaration.
PAGES = {
    "governance.acknowledge-policy": "policy-text",
    "assets.acknowledge-use-rules": "use-rules",
    "physical.acknowledge-zone-rules": "zone-rules",
}


def address_of(each: Owed) -> str:
    """Return the path of the page on which `each` is done."""
    if each.finding is not None:
        return reverse("finding", args=[each.finding])
    if each.action and each.record is not None:
        return place(each.action, each.record)
    if each.count:
        return f"{reverse('findings')}?{urlencode({'measure': each.measure})}"
    chapter, _, name = each.measure.partition("/")
    return reverse("measure", args=[chapter, name]) if name else reverse("mine")


def place(action: str, record: int) -> str:
    """Return the path of the page on which `action` is done to the record of that number."""
    if action in PAGES:
        return reverse(PAGES[action], args=[record])
    return f"{reverse('act', args=[action])}?{urlencode({'record': record})}"
