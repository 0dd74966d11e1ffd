"""The program behind `SamlProvider`: a provider of SAML made with pysaml2. Arguments: port, and a folder with its key, people and party.

It asks for name and password on a page of its own; nobody should use it for anything but tests.
"""

import json
import sys
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

PAGE = """<!doctype html><html lang="en"><title>Lab provider</title><main><h1>Lab provider</h1><form method="post">
<label>User <input name="user"></label> <label>Password <input name="password" type="password"></label>
<button>Let me in</button></form></main>"""


def _provider(port: int, folder: Path) -> Server:
    here = f"http://127.0.0.1:{port}"
    said = {
        "entityid": f"{here}/metadata",
        "key_file": str(folder / "idp.pem"),
        "cert_file": str(folder / "idp.pem"),
        "metadata": {"local": [str(folder / "party.xml")]},
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [(f"{here}/sso", BINDING_HTTP_REDIRECT)]},
                "policy": {"default": {"lifetime": {"minutes": 5}}},
            }
        },
    }
    return Server(config=IdPConfig().load(said))


def _answer(server: Server, user: str, attributes: dict[str, str]) -> Any:
    asked = server.parse_authn_request(request.args["SAMLRequest"], BINDING_HTTP_REDIRECT).message
    told = server.response_args(asked, [BINDING_HTTP_POST])
    signed = server.create_authn_response(
        attributes,
        userid=user,
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"lab-{user}"),
        authn={"class_ref": PASSWORD, "authn_auth": "lab"},
        sign_assertion=True,
        sign_response=True,
        sign_alg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
        **{name: value for name, value in told.items() if name not in ("binding", "name_id_policy")},
    )
    sent = server.apply_binding(BINDING_HTTP_POST, str(signed), told["destination"], request.args.get("RelayState", ""), response=True)
    return sent["data"]


def main(port: int, folder: Path) -> None:
    """Answer until ended."""
    app = Flask("lab-saml")

    @app.get("/here")
    def here() -> str:
        return f"http://127.0.0.1:{port}/metadata"

    @app.get("/sso")
    def ask() -> str:
        return PAGE

    @app.post("/sso")
    def sign_in() -> Response:
        people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
        found = people.get(request.form["user"])
        if found is None or found["password"] != request.form["password"]:
            return Response(PAGE, 401)
        return Response(_answer(_provider(port, folder), request.form["user"], found["attributes"]))

    app.run("127.0.0.1", port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
