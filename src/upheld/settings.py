"""Django's settings: one file, read from the environment and the workspace; SQLite unless told otherwise."""

import os
import secrets
from pathlib import Path
from typing import Any

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
            # Without recursive_triggers, INSERT OR REPLACE deletes rows past their guards (sqlite.org/lang_conflict.html).
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": None},
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "upheld.ledger",
    "upheld.backups",
    "upheld.accounts.apps.Accounts",
    "upheld.actions.apps.Actions",
    "upheld.sources",
    "upheld.documents",
    "upheld.registers.apps.Registers",
    "upheld.verdicts",
    "upheld.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "upheld.web.security.ContentSecurityPolicy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "upheld.urls"
WSGI_APPLICATION = "upheld.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"builtins": ["upheld.web.templatetags.upheld"], "string_if_invalid": ""},
    }
]
DATABASES = {"default": _database()}
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
LOGGING: dict[str, Any] = {"version": 1, "disable_existing_loggers": False}
