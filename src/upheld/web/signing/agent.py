"""What a browser says of itself, in two words. Pure."""

AGENTS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def agent(said: str) -> str:
    """Return what a browser says of itself in two words: "Firefox on Linux"."""
    browser = next((name for mark, name in AGENTS if mark in said), "")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if browser and system else browser or system or said[:40] or "unknown"
