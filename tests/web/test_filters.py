"""Filters that somebody keeps on a list: named, theirs alone, an address that anybody else can be sent, and no way out of the lists."""

from tests.world import browser, world

from upheld.accounts.models import SavedFilter

CONTACTS = "/registers/governance/contact/"


def test_a_filter_is_kept_shown_used_changed_and_dropped(ledger):
    alice = browser(world().alice)
    assert b"Keep this filter as" not in alice.get(CONTACTS).content  # nothing is looked for
    page = alice.get(f"{CONTACTS}?q=fire+brigade&page=2").content.decode()
    assert 'name="query" value="q=fire+brigade"' in page and "Keep this filter as" in page
    kept = alice.post("/filters/", {"page": CONTACTS, "query": "q=fire+brigade&page=2", "name": "Brigades"})
    assert (kept.status_code, kept.headers["Location"]) == (302, f"{CONTACTS}?q=fire+brigade")
    shown = alice.get(CONTACTS).content.decode()
    assert f'<a href="{CONTACTS}?q=fire+brigade">Brigades</a>' in shown
    assert 'aria-current="true">Brigades</a>' in alice.get(f"{CONTACTS}?q=fire+brigade").content.decode()
    alice.post("/filters/", {"page": CONTACTS, "query": "q=police", "name": "Brigades"})
    (filter_,) = SavedFilter.objects.all()
    assert filter_.query == "q=police"
    dropped = alice.post(f"/filters/{filter_.pk}/drop/")
    assert (dropped.headers["Location"], SavedFilter.objects.count()) == (CONTACTS, 0)


def test_filters_are_ones_own_and_belong_to_lists(ledger):
    company = world()
    alice, dana = browser(company.alice), browser(company.dana)
    alice.post("/filters/", {"page": CONTACTS, "query": "q=<script>alert(1)</script>", "name": "<b>x</b>"})
    (filter_,) = SavedFilter.objects.all()
    assert (
        "&lt;b&gt;x&lt;/b&gt;" in (page := alice.get(CONTACTS).content.decode()) and "<b>x</b>" not in page and "<script>alert" not in page
    )
    assert b"x&lt;" not in dana.get(CONTACTS).content
    assert dana.post(f"/filters/{filter_.pk}/drop/").status_code == 404
    for page_, query, name in (
        ("https://evil.example/", "q=1", "x"),
        ("//evil.example/findings/", "q=1", "x"),
        ("/ledger/", "q=1", "x"),
        (CONTACTS, "", "x"),
        (CONTACTS, "q=1", ""),
        (CONTACTS, "q=1", "x" * 61),
        (CONTACTS, "q=" + "x" * 1000, "x"),
    ):
        assert alice.post("/filters/", {"page": page_, "query": query, "name": name}).status_code == 400, page_
    assert alice.get("/filters/").status_code == 405
    for number in range(29):
        alice.post("/filters/", {"page": CONTACTS, "query": "q=1", "name": f"n{number}"})
    assert alice.post("/filters/", {"page": CONTACTS, "query": "q=1", "name": "one too many"}).status_code == 400
    assert SavedFilter.objects.count() == 30
