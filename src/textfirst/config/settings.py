"""Django's settings for console, jobs and commands. Everything a machine differs in comes from the environment (core/settings.py)."""

from __future__ import annotations

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from textfirst.core.settings import read
from textfirst.database.keys import derived_secret, make_keys
from textfirst.database.place import default_home
from textfirst.database.roles import APP_ROLE

PROCESS = read(os.environ, default_home=default_home())
make_keys(PROCESS.keys_file)

SECRET_KEY = derived_secret(PROCESS.keys_file, "django")
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the console listens on a local socket only; the front checks who is asked for
ROOT_URLCONF = "textfirst.config.urls"
WSGI_APPLICATION = "textfirst.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("vi", "Tiếng Việt"), ("el", "Ελληνικά"), ("pl", "Polski")]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "ninja",
    "procrastinate.contrib.django",
    "textfirst.database",
    "textfirst.events",
    "textfirst.accounts",
    "textfirst.contacts",
    "textfirst.channels",
    "textfirst.consent",
    "textfirst.decisions",
    "textfirst.messages",
    "textfirst.conversations",
    "textfirst.campaigns",
]

MIDDLEWARE = [
    "textfirst.api.middleware.ForwardedMiddleware",
    "textfirst.api.middleware.AnswerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "textfirst.api.middleware.ActivityMiddleware",
    "textfirst.api.middleware.WorkspaceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]


def _database() -> dict[str, Any]:
    """The one database. TEXTFIRST_DB_ROLE=owner keeps the login role (for migrations); otherwise row-level security binds us."""
    facts = conninfo_to_dict(PROCESS.database_url)
    role = [] if os.environ.get("TEXTFIRST_DB_ROLE") == "owner" else [f"-c role={APP_ROLE}"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {django: str(facts.pop(libpq)) for libpq, django in names.items() if facts.get(libpq)}
    options = " ".join([*role, "-c idle_in_transaction_session_timeout=30s"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "textfirst",
        **known,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**facts, "options": options},
    }


DATABASES = {"default": _database()}
# Rate limits are counted here, by all consoles together; expired rows are dropped as it fills.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["textfirst.accounts.adapters.passwords.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PROCESS.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [PROCESS.url]
CSRF_FAILURE_VIEW = "textfirst.api.errors.forbidden"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ACCOUNT_ADAPTER = "textfirst.accounts.adapters.account.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_UNIQUE_EMAIL = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{PROCESS.url}/account/verify-email/{{key}}",
    "account_reset_password": f"{PROCESS.url}/password/reset",
    "account_reset_password_from_key": f"{PROCESS.url}/password/reset/key/{{key}}",
    "account_signup": f"{PROCESS.url}/setup",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told by mail
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end by themselves: their hash no longer fits
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Textfirst"
USERSESSIONS_TRACK_ACTIVITY = True

EMAIL_BACKEND = "textfirst.accounts.adapters.mail.MailBackend"
DEFAULT_FROM_EMAIL = "Textfirst <textfirst@localhost>"
LOGGING_CONFIG = None  # each process sets up its own JSON log
NINJA_PAGINATION_PER_PAGE = 50
