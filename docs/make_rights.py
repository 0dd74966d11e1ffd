"""Print the table of rights as docs/design/accounts.md ends with it: python docs/make_rights.py"""

from upheld.accounts.role import Role, rights


def table() -> str:
    """Return the table as Markdown."""
    lines = ["| may | what it means | " + " | ".join(role.value for role in Role) + " |", "|---|---|" + "---|" * len(Role)]
    for row in rights().values():
        far = [row.reach[role].value if role in row.reach else "·" for role in Role]
        lines.append(f"| {row.verb} `{row.thing}` | {row.means} | " + " | ".join(far) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201  a page for people
