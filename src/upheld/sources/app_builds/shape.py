"""What packages hold -> rows of builds. Pure."""

import plistlib
import re
from collections.abc import Iterable, Iterator
from xml.parsers.expat import ExpatError

from upheld.evidence.table import Row
from upheld.sources.app_builds.axml import Element, NotBinaryXml, parse
from upheld.sources.app_builds.get import NotAPackage, Package

ADDRESS = re.compile(rb"\b(?P<scheme>https?|wss?)://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+)", re.IGNORECASE)
IN_CLEAR = frozenset({b"http", b"ws"})
ENCRYPTED_SINCE = 28  # the targetSdkVersion from which nothing is sent in the clear unless it is permitted
TRUE = frozenset({True, "true"})


def build_row(package: Package) -> Row:
    """Return the row of a build; raises `NotAPackage` where it holds no manifest that can be read."""
    told = _android(package) if "AndroidManifest.xml" in package.files else _ios(package)
    said = [(found["scheme"].lower(), found["host"].lower().decode()) for found in _addresses(package)]
    return {
        "id": package.digest,
        "cleartext_hosts": sorted({host for scheme, host in said if scheme in IN_CLEAR}),
        "hosts": sorted({host for _, host in said}),
        **told,
    }


def _addresses(package: Package) -> Iterator[re.Match[bytes]]:
    for name, data in package.files.items():
        if not name.endswith(".xml") and not name.endswith("Info.plist"):
            yield from ADDRESS.finditer(data)


def _android(package: Package) -> Row:
    try:
        manifest = parse(package.files["AndroidManifest.xml"])
    except NotBinaryXml as error:
        raise NotAPackage(f"the manifest of {package.name} cannot be read: {error}") from error
    uses = next((each.attributes for each in manifest.all("uses-sdk")), {})
    application = next((each.attributes for each in manifest.all("application")), {})
    target = uses.get("targetSdkVersion", uses.get("minSdkVersion", 1))
    by_default = int(target) < ENCRYPTED_SINCE if str(target).isdecimal() else None
    permitted: bool | None = by_default
    if "usesCleartextTraffic" in application:
        permitted = application["usesCleartextTraffic"] in TRUE
    row: dict[str, bool | list[str] | None] = {"cleartext_domains": [], "pinned": []}
    if "networkSecurityConfig" in application:  # what it says counts, and usesCleartextTraffic does not
        permitted, row = _configured(list(_configurations(package)), by_default)
    version = manifest.attributes.get("versionName")
    name = str(manifest.attributes.get("package", package.name))
    return {"app": name, "app_version": str(version) if version else None, "platform": "android", "cleartext_permitted": permitted, **row}


def _configurations(package: Package) -> Iterator[Element]:
    """Yield network security configurations: found by what they are, since the name of the file is a number in the manifest."""
    for name, data in package.files.items():
        if name.startswith("res/"):
            try:
                found = parse(data)
            except NotBinaryXml:
                continue
            if found.name == "network-security-config":
                yield found


def _configured(found: Iterable[Element], by_default: bool | None) -> tuple[bool | None, dict[str, bool | list[str] | None]]:
    """Return whether cleartext is permitted to anybody, and to whom; unknown where the configuration is not there."""
    clear, pinned, permitted, seen = set[str](), set[str](), by_default, False
    for configuration in found:
        seen = True
        for base in configuration.all("base-config"):
            if "cleartextTrafficPermitted" in base.attributes:
                permitted = base.attributes["cleartextTrafficPermitted"] in TRUE
        for scope in configuration.all("domain-config"):
            named = {each.text.strip() for each in scope.inside if each.name == "domain"}
            clear |= named if scope.attributes.get("cleartextTrafficPermitted") in TRUE else set()
            pinned |= named if any(each.name == "pin-set" for each in scope.inside) else set()
    if not seen:
        return None, {"cleartext_domains": None, "pinned": None}
    return permitted, {"cleartext_domains": sorted(clear), "pinned": sorted(pinned)}


def _ios(package: Package) -> Row:
    said = next((data for name, data in package.files.items() if name.endswith("/Info.plist")), None)
    if said is None:
        raise NotAPackage(f"{package.name} has no manifest")
    try:
        told = plistlib.loads(said)
    except (plistlib.InvalidFileException, ExpatError, ValueError) as error:
        raise NotAPackage(f"Info.plist of {package.name} cannot be read: {error}") from error
    security = told.get("NSAppTransportSecurity", {})
    domains = security.get("NSExceptionDomains", {})
    anybody = ("NSAllowsArbitraryLoads", "NSAllowsArbitraryLoadsInWebContent", "NSAllowsArbitraryLoadsForMedia")
    return {
        "app": told.get("CFBundleIdentifier"),
        "app_version": told.get("CFBundleShortVersionString"),
        "platform": "ios",
        "cleartext_permitted": any(security.get(name) for name in anybody),
        "cleartext_domains": sorted(name for name, rule in domains.items() if rule.get("NSExceptionAllowsInsecureHTTPLoads")),
        "pinned": sorted(security.get("NSPinnedDomains", {})),
    }
