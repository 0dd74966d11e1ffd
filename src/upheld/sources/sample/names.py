"""Invented names from many places; none is taken from a person."""

import unicodedata

GIVEN = (
    "Aiko", "Amara", "Anouk", "Ayşe", "Bence", "Björn", "Carla", "Chinedu", "Dalia", "Dimitra", "Eléa", "Emeka", "Fatou", "Ferran",
    "Gréta", "Hamza", "Ilse", "Ioana", "Jana", "Joaquín", "Kaisa", "Kwame", "Leïla", "Łukasz", "Marta", "Mehmet", "Nadia", "Ngọc",
    "Ólöf", "Oskar", "Paula", "Piotr", "Quentin", "Rania", "Rhys", "Saoirse", "Søren", "Tamás", "Thảo", "Ulrike", "Vera", "Wanjiru",
    "Xénia", "Yusuf", "Zoë", "Živa", "Renée", "Mateus", "Siobhán", "Tuomas",
)  # fmt: skip
FAMILY = (
    "Abernath", "Adeyinka", "Almqvistø", "Bäckerlund", "Barzani-Holt", "Bergenthal", "Castellví", "Çelikkan", "Dąbrowick", "Dlaminov",
    "Eskelund", "Fairholme", "Ferreirinha", "Gallowmere", "Grünspan", "Halvorsten", "Hernádel", "Iwasakiya", "Jørgenholt", "Kallström",
    "Kovačel", "Lindenow", "Łysakow", "Maragall-Ros", "McInverey", "Mbekiro", "Nakagoshi", "Nguyễnholm", "O’Cathair", "Okonkweli",
    "Pellerin-Roy", "Petrovana", "Quispela", "Radulesco", "Rosenvald", "Sandovelar", "Šimonek", "Takebara", "Tørresdal", "Uzunköprülü",
    "Vandermolen", "Vyskočal", "Wexcombe", "Wolnyk", "Ximenovar", "Yildirimoğ", "Zábransky", "Zeitlhofer",
)  # fmt: skip
# Names in scripts that no account name can be written in, with the way HR writes them in Latin letters.
OTHER_SCRIPTS = (
    ("高森 美月", "mizuki.takamori"),
    ("Дарина Левчукова", "daryna.levchukova"),
    ("Ελπίδα Καρυστινού", "elpida.karystinou"),
    ("سلمى الهواري", "salma.elhawari"),
)
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "’": "", "'": ""})
# Coprime to 50 * 48, so that stepping by it gives every pair of names once before any comes twice.
_STEP = 1009


def person_name(place: int, turn: int) -> str:
    """Return the name of the person at `place` (from 0); `turn` starts the list elsewhere."""
    at = (turn + place * _STEP) % (len(GIVEN) * len(FAMILY))
    return f"{GIVEN[at % len(GIVEN)]} {FAMILY[at // len(GIVEN)]}"


def user_name(name: str) -> str:
    """Return the account name made from `name`: its letters without marks, in lower case, joined by dots."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return ".".join(
        "".join(letter for letter in word if letter.isascii() and (letter.isalnum() or letter == "-")) for word in plain.split()
    )
