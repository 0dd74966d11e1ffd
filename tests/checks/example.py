"""A measure to test the machinery with: accounts are used, within the agreed time."""

from datetime import timedelta
from typing import Any

from tests.stage import AS_OF

from upheld.checks.measure import Measure, parse

FRONT = """/*---
title    = "Accounts are used"
promise  = "No account stays unused."
why      = "An example."
clauses  = ["GDPR 32(1)(b)"]
kind     = "state"
severity = "low"
owner    = "it-operations"
{more}
---*/
"""
QUERY = """
SELECT account.id AS subject, account.user_name AS label, account.enabled AS ok,
       'an account' AS detail FROM accounts AS account
"""
BY_TIME = """
SELECT account.id AS subject, account.user_name AS label, account.last_login_at >= $as_of - INTERVAL 30 DAY AS ok,
       coalesce('last used ' || CAST(account.last_login_at AS DATE), 'unknown') AS detail,
       account.last_login_at + INTERVAL 30 DAY AS flips_at
FROM accounts AS account
"""


def measure(query: str = QUERY, more: str = "", name: str = "access/example") -> Measure:
    """The measure with `query` and `more` lines of front matter."""
    return parse(name, FRONT.format(more=more) + query)


def account(name: str, **more: Any) -> dict[str, Any]:
    """An account called `name`, used now."""
    return {"id": name, "system_id": "crm", "user_name": name.upper(), "identifier": name, "last_login_at": AS_OF, **more}


def used(name: str, days_ago: int) -> dict[str, Any]:
    """An account last used that long ago."""
    return account(name, last_login_at=AS_OF - timedelta(days=days_ago))
