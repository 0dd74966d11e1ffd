"""Django's settings: one file, read from the environment and the workspace; SQLite unless told otherwise."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from upheld import workspace

HERE = Path(__file__).parent
WORKSPACE = workspace.current()


def _secret_key() -> str:
    """Return the workspace's own secret, made on first use; a random one where there is no workspace yet."""
    path = WORKSPACE.keys / "django.secret"
    if path.is_file():
        return path.read_text(encoding="ascii")
    secret = secrets.token_urlsafe(64)
    if WORKSPACE.keys.is_dir():
        path.touch(mode=0o600)
        path.write_text(secret, encoding="ascii")
    return secret


def _database() -> dict[str, Any]:
    """Return SQLite in the workspace, or PostgreSQL where `UPHELD_DATABASE` names a libpq service."""
    service = os.environ.get("UPHELD_DATABASE")
    if service:
        return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"service": service}}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": WORKSPACE.database,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # Pages of 8 KiB, in databases made from now on: entries leave half as much of them free (docs/design/ledger.md).
            # Without recursive_triggers, INSERT OR REPLACE deletes rows past their guards (sqlite.org/lang_conflict.html).
            "init_command": (
                "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON;"
            ),
        },
        "TEST": {"NAME": None},
    }


def _address(name: str) -> str:
    """Return the https address by which people reach pages, from the variable `name`; "" for none."""
    said = os.environ.get(name, "").rstrip("/")
    parts = urlsplit(said)
    if said and (parts.scheme != "https" or not parts.hostname or parts.path):
        raise ImproperlyConfigured(f"{name} is the address that people type, such as https://upheld.example.org, not {said!r}")
    return said


def _trust_address(product: str) -> str:
    """Return the address of the Trust Center's own domain, from `UPHELD_TRUST_ADDRESS`; "" where it is below that of the `product`."""
    said = _address("UPHELD_TRUST_ADDRESS")
    if said and urlsplit(said).hostname in ("", None, urlsplit(product).hostname or urlsplit(said).hostname):
        raise ImproperlyConfigured("UPHELD_TRUST_ADDRESS is another domain than UPHELD_ADDRESS, which is to be set, too")
    return said


SECRET_KEY = _secret_key()
DEBUG = False
ADDRESS = _address("UPHELD_ADDRESS")  # "" for this machine alone
TRUST_ADDRESS = _trust_address(ADDRESS)
# Networks of the proxies whose word about the client counts, separated by commas; what others forward is ignored.
PROXIES = [each.strip() for each in os.environ.get("UPHELD_PROXIES", "").split(",") if each.strip()]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *(urlsplit(each).hostname or "" for each in (ADDRESS, TRUST_ADDRESS) if each)]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "upheld.web.apps.Web",  # before the sign-in library, so that its own templates are found first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "upheld.ledger",
    "upheld.backups",
    "upheld.accounts.apps.Accounts",
    "upheld.notices.apps.Notices",
    "upheld.actions.apps.Actions",
    "upheld.sources",
    "upheld.logs.apps.Logs",
    "upheld.documents",
    "upheld.registers.apps.Registers",
    "upheld.verdicts",
    "upheld.duties.apps.Duties",
    "upheld.jobs.apps.Jobs",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # with padding of random length, against guessing secrets from sizes
    "upheld.web.security.OnlyTrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "upheld.web.trust.domain.OwnDomain",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "upheld.web.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "upheld.web.signing.middleware.WhoIsThere",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "upheld.urls"
WSGI_APPLICATION = "upheld.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["upheld.web.templatetags.upheld"],
            "string_if_invalid": "",
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "upheld.web.page.surroundings",
            ],
        },
    }
]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = "upheld-language", True, "Lax"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = ["upheld.web.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_HANDLERS = [
    "upheld.web.uploading.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without-links": {"()": "upheld.web.signing.redacting.WithoutLinks"}},
    # Whoever logs addresses. A filter counts for what its own logger is told, not for what those below it are.
    "loggers": {
        name: {"filters": ["without-links"]}
        for name in ("django.request", "django.server", "django.security.csrf", "upheld.web.wrong", "upheld.web.signing.middleware")
    },
}

# Signing in. What the company decides is in `sign-in.toml` of its workspace and in the parameters of chapter access.
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "upheld.accounts.passwords.Rules"}]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "today", "account_login"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # the longest that `sign-in.toml` may allow; what it says ends a session sooner
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "upheld-session", "upheld-csrf"
CSRF_FAILURE_VIEW = "upheld.web.wrong.forged"
if ADDRESS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-upheld-session", "__Host-upheld-csrf"
    CSRF_TRUSTED_ORIGINS = [ADDRESS]
    SECURE_REDIRECT_EXEMPT = ["^health$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # kept from trusted proxies only
ACCOUNT_ADAPTER = "upheld.web.signing.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; it is also what the form to sign in asks for
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "mail"
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by an administrator or a provider, not typed in by a stranger
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = False
# By name it is `accounts.attempts` that locks, with the company's own numbers; these are by network address, in this process.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip", "reset_password": "20/m/ip"}
ACCOUNT_FORMS = {"change_password": "upheld.web.signing.adapters.ChangePassword"}
MFA_ADAPTER = "upheld.web.signing.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # a phone's clock half a minute off
MFA_FORMS = {
    "authenticate": "upheld.web.signing.adapters.CodeForm",
    "reauthenticate": "upheld.web.signing.adapters.CodeAgainForm",
    "add_webauthn": "upheld.web.signing.adapters.NewPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "upheld.web.signing.adapters.SingleSignOn"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
USERSESSIONS_TRACK_ACTIVITY = False
