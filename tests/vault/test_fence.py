"""The fence knows who was erased without naming anybody, and forgets by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from upheld import clock
from upheld.vault import erasures, fence
from upheld.vault.fence import Identifier
from upheld.vault.key import Scope, Whose
from upheld.vault.keys import Vault

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MAIL = Identifier("mail", "", "Ada.Quill@Example.com")


def fenced(tmp_path: Path) -> tuple[Vault, str]:
    """Return a key store that has Ada fenced off for a year, and the id of her erasure."""
    vault = Vault(tmp_path)
    begun = erasures.begin(vault, b"plan", ())
    names = [(MAIL, True), (Identifier("user", "crm", "ada"), False)]
    fence.put_up(vault, begun.id, names, [("person", "psn_ada")], NOON + timedelta(days=365))
    return vault, begun.id


def test_a_fenced_identifier_is_known_in_any_spelling_and_only_where_it_counts(tmp_path: Path) -> None:
    with clock.at(NOON):
        known = fence.load(fenced(tmp_path)[0])
        erasure = known.erasure("mail", "", " ada.quill@example.COM")
        assert erasure is not None
        assert erasure == known.erasure("mail", "", "Ada.Quill@Example.com", own=True) == known.erasure("user", "crm", "ada")
        assert known.erasure("user", "crm", "ada", own=True) is None
        for other in (("user", "erp", "ada"), ("person", "", "ada.quill@example.com"), ("mail", "", "quill@example.com")):
            assert known.erasure(*other) is None
        shown = known.shown(erasure, "Ada.Quill@Example.com")
        assert shown.startswith("erased-")
        assert shown == known.shown(erasure, "ada.quill@example.com ")
        assert shown != known.shown(erasure, "ada")


def test_a_fence_ends_and_takes_the_meaning_of_its_tokens_along(tmp_path: Path) -> None:
    with clock.at(NOON):
        vault, erasure = fenced(tmp_path)
        erasures.finish(vault, erasure)
        assert bool(fence.load(vault))
        assert fence.expire(vault) == 0
        whose = Whose(Scope.SUBJECT, "person", "psn_ada")
        assert vault.made_for([whose]) == {whose: None}
    with clock.at(NOON + timedelta(days=365)):
        assert not fence.load(vault)
        assert fence.expire(vault) == 7
        assert vault.store.read.execute("SELECT token FROM erasure").fetchall() == [(None,)]
        assert vault.made_for([whose])[whose] is not None


def test_a_fence_can_be_lifted(tmp_path: Path) -> None:
    with clock.at(NOON):
        vault, erasure = fenced(tmp_path)
        assert fence.lift(vault, erasure) == 7
        assert not fence.load(vault)


def test_an_erasure_at_work_is_resumed_after_a_rotation_and_forgets_its_plan_when_done(tmp_path: Path) -> None:
    with clock.at(NOON):
        vault = Vault(tmp_path)
        begun = erasures.begin(vault, b"whom and what", ("k1",))
        case = erasures.case(vault, begun.id)
        vault.destroy([])
        assert erasures.plan(Vault(tmp_path), begun.id) == b"whom and what"
        erasures.reached(vault, begun.id, "rows")
        vault.destroy([case])
        erasures.finish(vault, begun.id)
        assert [(each.step, each.keys, each.done_at) for each in erasures.listed(vault)] == [("done", ("k1",), NOON)]
