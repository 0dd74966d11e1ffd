"""The program behind `OpenIdProvider`: a provider of OpenID Connect made with Authlib, which checks PKCE, secrets and redirects.

Arguments: port, and a JSON file with `client` (id, secret, redirect) and `people` (by user name: password and claims), read at each
request. Codes and tokens live in memory. It asks for name and password on a page of its own; nobody should use it for anything but tests.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.jose import JsonWebKey
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request

PAGE = """<!doctype html><html lang="en"><title>Lab provider</title><main><h1>Lab provider</h1><form method="post">
<label>User <input name="user"></label> <label>Password <input name="password" type="password"></label>
<button>Let me in</button></form></main>"""


class Client(ClientMixin):  # type: ignore[misc]  # Authlib carries no types
    """The one client."""

    def __init__(self, said: dict[str, str]) -> None:
        self.said = said

    def get_client_id(self) -> str:
        return self.said["id"]

    def get_default_redirect_uri(self) -> str:
        return self.said["redirect"]

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(each for each in scope.split() if each in ("openid", "profile", "email"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.said["redirect"]

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.said["secret"]

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """A code that was given out, once."""

    def __init__(self, code: str, asked: Any, user: str) -> None:
        payload = asked.payload
        self.nonce: str | None
        self.redirect_uri: str | None
        self.code, self.user, self.redirect_uri, self.scope = code, user, payload.redirect_uri, payload.scope
        self.nonce, self.auth_time = payload.data.get("nonce"), int(time.time())
        self.code_challenge, self.code_challenge_method = payload.data.get("code_challenge"), payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str | None:
        return self.redirect_uri

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Token:
    """An access token that was given out."""

    def __init__(self, said: dict[str, Any], user: str) -> None:
        self.said, self.user, self.until = said, user, time.time() + 300

    def is_expired(self) -> bool:
        return time.time() > self.until

    def is_revoked(self) -> bool:
        return False

    def get_scope(self) -> str:
        return str(self.said.get("scope", ""))


class Lab:
    """What the program was started with, and what it gave out. `path` is read anew at each question."""

    port = 0
    path = Path()
    key = JsonWebKey.generate_key("RSA", 2048, {"kid": "lab", "use": "sig", "alg": "RS256"}, is_private=True)
    codes: ClassVar[dict[str, Code]] = {}
    tokens: ClassVar[dict[str, Token]] = {}

    @classmethod
    def issuer(cls) -> str:
        return f"http://127.0.0.1:{cls.port}"

    @classmethod
    def said(cls) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(cls.path.read_text(encoding="utf-8"))
        return read

    @classmethod
    def claims(cls, user: str) -> UserInfo:
        return UserInfo(sub=user, **cls.said()["people"][user]["claims"])


class AuthorizationCode(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes, given out and taken back once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code: str, request: Any) -> None:
        Lab.codes[code] = Code(code, request, request.user)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return Lab.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del Lab.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class WithIdentity(OpenIDCode):  # type: ignore[misc]
    """The signed identity beside the access token."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def get_jwt_config(self, grant: Any, client: Any = None) -> dict[str, Any]:
        return {"key": Lab.key.as_dict(is_private=True), "alg": "RS256", "iss": Lab.issuer(), "exp": 300}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return Lab.claims(user)


class Bearer(BearerTokenValidator):  # type: ignore[misc]
    """Access tokens at the user info."""

    def authenticate_token(self, token_string: str) -> Token | None:
        return Lab.tokens.get(token_string)


def query_client(client_id: str) -> Client | None:
    """Return the client if that is its id."""
    said = Lab.said()["client"]
    return Client(said) if client_id == said["id"] else None


def save_token(token: dict[str, Any], asked: Any) -> None:
    """Remember an access token."""
    Lab.tokens[token["access_token"]] = Token(token, asked.user)


app = Flask("lab-oidc")
server = AuthorizationServer(app, query_client=query_client, save_token=save_token)
server.register_grant(AuthorizationCode, [WithIdentity(require_nonce=False), CodeChallenge(required=True)])
protected = ResourceProtector()
protected.register_token_validator(Bearer())


@app.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """Say where everything is."""
    places = {f"{name}_endpoint": f"{Lab.issuer()}/{name}" for name in ("authorization", "token", "userinfo")}
    more = {
        "issuer": Lab.issuer(),
        "jwks_uri": f"{Lab.issuer()}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }
    return jsonify({**places, **more})


@app.get("/jwks")
def jwks() -> Response:
    """Give the public key."""
    return jsonify({"keys": [Lab.key.as_dict(is_private=False)]})


@app.route("/authorization", methods=["GET", "POST"])
def authorization() -> Any:
    """Ask for name and password; send back with a code whoever knows both."""
    if request.method == "GET":
        server.get_consent_grant(end_user=None)
        return PAGE
    user = request.form.get("user", "")
    known = Lab.said()["people"].get(user)
    if known is None or known["password"] != request.form.get("password"):
        return PAGE, 403
    return server.create_authorization_response(grant_user=user)


@app.post("/token")
def token() -> Any:
    """Exchange a code."""
    return server.create_token_response()


@app.get("/userinfo")
@protected("openid")  # type: ignore[untyped-decorator]
def userinfo() -> Response:
    """Say who it is."""
    return jsonify(Lab.claims(current_token.user))


if __name__ == "__main__":
    Lab.port, Lab.path = int(sys.argv[1]), Path(sys.argv[2])
    app.run("127.0.0.1", Lab.port, threaded=False)
