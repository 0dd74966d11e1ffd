"""The page on what is kept how long: what it rests on, and what would go, counted only where that is asked for."""

from tests.retention.test_retention import lists, ruled
from tests.web.test_pages import text
from tests.world import account, browser, person

from upheld.accounts.role import Role
from upheld.retention import history
from upheld.retention.needs import needs

__all__ = ["lists"]


def test_the_page_says_what_is_kept_what_would_go_and_what_went(ledger, lists):
    lea, admin = account("lea", Role.SECURITY_LEAD), account("adam", Role.ADMINISTRATOR)
    page = text(browser(lea).get("/evidence/kept/"))
    assert "There is no rule: nothing goes." in page and "1 table kept for good" in page and "Set a time" in page
    assert "Set a time" not in text(browser(admin).get("/evidence/kept/"))
    ruled(person(lea))
    page = browser(lea).get("/evidence/kept/")
    assert "History: everything else" in text(page) and "in force" in text(page) and "Would go now" not in text(page)
    counted = text(browser(lea).get("/evidence/kept/?count"))
    assert "Would go now" in counted and "2025-03-30" in browser(lea).get("/evidence/kept/?count").content.decode()
    history.forget(needs())
    assert "2 versions of rows of groups from groups" in text(browser(lea).get("/evidence/kept/"))
