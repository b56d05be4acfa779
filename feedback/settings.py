"""Settings, from the environment only; every name read here is in the README."""

import os
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", "data")).absolute()


def secret_key() -> str:
    """SECRET_KEY, else the key file that `make setup` writes; there is no default."""
    key = os.environ.get("SECRET_KEY", "")
    file = DATA_DIR / "secret_key"
    if not key and file.is_file():
        key = file.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"No secret key of at least 50 characters: run `make setup`, which writes {file}, or set SECRET_KEY."
        )
    return key


def database() -> dict[str, Any]:
    """DATABASE_URL as Django wants it, with the one set of options that loses nothing."""
    config: dict[str, Any] = dict(
        dj_database_url.parse(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'salon.sqlite3'}")
    )
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        config["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    else:
        # Short statements all: compiling them (jit) costs more than running them.
        config["OPTIONS"] = config.get("OPTIONS", {}) | {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 30},
            "options": "-c jit=off",
        }
        config["CONN_HEALTH_CHECKS"] = True
    return config


PORT = int(os.environ.get("PORT") or 8000)
BASE_URL = (os.environ.get("BASE_URL") or f"http://localhost:{PORT}").rstrip("/")
SECRET_KEY = secret_key()
DEBUG = os.environ.get("DEBUG", "").lower() in {"1", "true", "yes"}
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(BASE_URL).hostname}").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_ox",
    "rest_framework",
    "drf_spectacular",
    "feedback.people",
    "feedback.studies",
    "feedback.works",
    "feedback.judging",
    "feedback.results",
    "feedback.datasets",
    "feedback.intake",
    "feedback.api",
    "feedback.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "feedback.http.renew_session",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "feedback.urls"
WSGI_APPLICATION = "feedback.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
            "builtins": ["django.templatetags.static", "feedback.pages.templatetags.salon"],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

# Files go through STORAGES alone, so that another storage is a setting. Originals never meet raters.
STORAGES: dict[str, dict[str, Any]] = {
    name: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files" / name), "file_permissions_mode": 0o600},
    }
    for name in ("default", "originals", "derivatives", "releases", "uploads")
}
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# What is served: the bundle that esbuild makes of static/css and static/js, and the pictures.
STATICFILES_DIRS = [("vendor", BASE_DIR / "static" / "vendor"), ("img", BASE_DIR / "static" / "img")]

# Background work goes through django.tasks alone, so that the backend and its worker are settings.
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "OPTIONS": {"MAX_ATTEMPTS": 3, "LOCK_TIMEOUT": 60},
    }
}
TASK_WORKER = ["ox_worker", "--interval", "0.5", "--verbosity", "0"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "/sign-in/"
if BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked by load balancers, from inside
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Subdomains and browsers' preload lists are the operator's to promise, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:"],  # textures of 3D works are unpacked in the page
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, "blob:"],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# For machines: JSON and nothing else; what a view takes and gives is said in one place, its OpenAPI document.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["feedback.api.parsing.StrictJSON"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "feedback.api.authentication.Bearer",
        "feedback.api.authentication.Browser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["feedback.api.permissions.TakesPart"],
    "DEFAULT_THROTTLE_CLASSES": ["feedback.api.throttling.Allowances"],
    "DEFAULT_SCHEMA_CLASS": "feedback.api.schema.Described",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "feedback.api.parsing.JSONWhateverIsAccepted",
    "EXCEPTION_HANDLER": "feedback.api.problems.told",
    "UNAUTHENTICATED_USER": None,
    "NON_FIELD_ERRORS_KEY": "",
    "NUM_PROXIES": 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Salon",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "DESCRIPTION": "Studies, prompts, works, judgements, fits and releases, for machines.",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {name: {"level": "WARNING"} for name in ("django_ox", "django.tasks")},
}

try:
    CODE_VERSION = version("salon")
except PackageNotFoundError:
    CODE_VERSION = "0.1.0"

# How Salon itself behaves.
SIGN_IN_LINK_LIFE = timedelta(days=7)
SIGN_IN_TRIES = (20, timedelta(minutes=1))  # failed tries per address and window
LEASE = timedelta(minutes=20)
PRIOR_SD = 1.5  # logits; the prior of every fit shown on the site
RELEASE_WAIT = timedelta(minutes=30)
TOKEN_LIFE = timedelta(days=366)  # the longest
# What a person may do in the API in so much time, whatever the number of their tokens and of our processes.
API_ALLOWANCES = {
    "reading": (600, timedelta(minutes=1)),
    "writing": (300, timedelta(minutes=1)),
    "streaming": (20, timedelta(minutes=10)),
    "building": (30, timedelta(hours=1)),
}
API_BODY = 8 * 1024**2  # bytes of one JSON document
API_PART = 16 * 1024**2  # bytes of one part of an upload
API_UPLOADS = 2 * 1024**3  # bytes that one person may have waiting
API_UPLOAD_LIFE = timedelta(days=1)
