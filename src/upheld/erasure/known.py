"""One person's identifiers, to ask as a fence is asked: before there is a fence, and only about this person."""

from upheld.erasure.person import Person
from upheld.vault.fence import Identifier, beginning, normalised, token


class Meant:
    """Knows the identifiers of `person`, and shows each as the token that `secret` gives it."""

    def __init__(self, person: Person, secret: bytes) -> None:
        self._identifiers = person.identifiers
        self._secret = secret
        self._beginnings = {beginning(each.value) for each in person.identifiers}
        self._answered: dict[tuple[str, str, str], bool | None] = {}

    def erasure(self, kind: str, within: str, value: str, *, own: bool = False) -> str | None:
        """Return a word if the person goes by `value`; with `own`, only if rows with it are the person's own. Else None."""
        asked = (kind, within, value)
        if asked not in self._answered:
            self._answered[asked] = self._identifiers.get(Identifier(kind, within, normalised(value)))
        found = self._answered[asked]
        return None if found is None or (own and not found) else "this"

    def begins(self, word: str) -> bool:
        """Whether something that the person goes by begins with `word`."""
        return normalised(word) in self._beginnings

    def shown(self, erasure: str, value: str) -> str:
        """Return what to show in place of `value`."""
        return token(self._secret, normalised(value))
