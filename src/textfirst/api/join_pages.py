"""The two public pages of joining by oneself: the form with its unchecked box, and the button behind the link of the text.

Plain pages of their own, without scripts: they work on any phone, and nothing of the app is needed to say yes. The answer to the form is the same
whoever the number belongs to, and is given before anybody looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Engine
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app as jobs

from textfirst.accounts.models import Workspace
from textfirst.consent.actions.opting_in import find_by_token, find_form
from textfirst.consent.models import ConsentForm
from textfirst.consent.rules.opting_in import spoken, words_in
from textfirst.conversations.actions.opting_in import confirm_and_welcome
from textfirst.core.addresses import NumberInvalid, read_number
from textfirst.core.words import in_language, say
from textfirst.database.scope import as_owner, workspace_scope

MOST_AN_HOUR = 20  # forms sent from one address
RIGHT_TO_LEFT = frozenset({"ar"})
PAGE = """<!doctype html>
<html lang="{{ language }}" dir="{{ direction }}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{{ title }}</title>
<style>
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label{display:block;margin:1rem 0}input[type=tel]{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.6rem;border:1px solid #555;border-radius:.3rem}
input[type=checkbox]{width:1.3rem;height:1.3rem;vertical-align:middle;margin-inline-end:.5rem}
button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.3rem;background:#14532d;color:#fff}
a{color:#14532d}[role=alert]{border-inline-start:.3rem solid #b91c1c;padding:.3rem .8rem}:focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}
nav a{margin-inline-end:1rem}
</style>
</head>
<body>
{% if languages %}<nav aria-label="{{ words.languages }}">{% for code, name in languages %}<a href="?lang={{ code }}" hreflang="{{ code }}" lang="{{ code }}">{{ name }}</a>{% endfor %}</nav>{% endif %}
<main>
<h1>{{ title }}</h1>
{% if problem %}<p role="alert">{{ problem }}</p>{% endif %}
{% if said %}<p role="status">{{ said }}</p>{% endif %}
{% if asks %}
<form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf }}">
<label>{{ words.number }} <input type="tel" name="phone" autocomplete="tel" dir="ltr" required maxlength="40" value="{{ phone }}"></label>
<label><input type="checkbox" name="agree" value="yes"> {{ agree }}</label>
{% if any_hour %}<label><input type="checkbox" name="any_hour" value="yes"> {{ any_hour }}</label>{% endif %}
<p>{{ words.terms }}{% if privacy_url %} <a href="{{ privacy_url }}">{{ words.privacy }}</a>{% endif %}{% if terms_url %} <a href="{{ terms_url }}">{{ words.conditions }}</a>{% endif %}</p>
<button>{{ words.join }}</button>
</form>
{% endif %}
{% if confirms %}
<p>{{ agree }}</p>
{% if any_hour %}<p>{{ any_hour }}</p>{% endif %}
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf }}"><button>{{ words.confirm }}</button></form>
{% endif %}
</main>
</body>
</html>"""
WORDS = {
    "languages": "Language", "number": "Mobile number", "join": "Join", "confirm": "Yes, it was me", "privacy": "Privacy", "conditions": "Terms",
    "terms": "Message and data rates may apply. Reply STOP to end, HELP for help. This is not a condition of any purchase.",
}  # fmt: skip
NAMES = {"en": "English", "ar": "العربية", "vi": "Tiếng Việt", "el": "Ελληνικά", "pl": "Polski"}
SENT = "Thank you. If this number can get our texts, one is on its way to it: answer it to confirm. It counts for 48 hours."

_template = Engine().from_string(PAGE)


@dataclass(frozen=True, slots=True)
class _Place:
    form: ConsentForm
    business: str
    language: str


@require_http_methods(["GET", "POST"])
def join_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; with its box checked by nobody but the person."""
    form = find_form(slug)
    if form is None:
        return _nothing(request)
    place = _place(request, form)
    shown: dict[str, Any] = {
        "asks": True,
        "agree": words_in(form.texts, place.language)["words"],
        "any_hour": words_in(form.texts, place.language).get("any_hour", ""),
        "privacy_url": form.privacy_url,
        "terms_url": form.terms_url,
    }
    if request.method == "GET":
        return _page(request, place, **shown)
    phone = request.POST.get("phone", "")[:40]
    problem = _refused(request) or _taken_in(request, place, phone)
    if problem:
        return _page(request, place, status=422, problem=in_language(problem, place.language), phone=phone, **shown)
    return _page(request, place, said=in_language(say(SENT), place.language))


@require_http_methods(["GET", "POST"])
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of the text. Looking at it confirms nothing, for previews and scanners look too; the button does, once."""
    found = find_by_token(token, datetime.now(UTC))
    if found is None:
        return _nothing(request, say("This link was used already, or it is older than 48 hours."))
    with workspace_scope(found.workspace_id):
        form = ConsentForm.objects.of(found.workspace_id).get(id=found.form_id)
        place = _place(request, form, found.language)
        if request.method == "GET":
            return _page(request, place, confirms=True, agree=found.shown, any_hour=found.shown_any_hour)
        done = confirm_and_welcome(found, ip=_ip(request), user_agent=request.headers.get("User-Agent", ""), now=datetime.now(UTC))
    said = say("Thank you. You will get {about}. Reply STOP to any text to end it.", about=words_in(form.texts, place.language)["about"])
    return _page(request, place, said=in_language(said, place.language)) if done else _nothing(request)


def _refused(request: HttpRequest) -> str:
    """Too many from one place, or nobody agreed."""
    key = f"join:{_ip(request)}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > MOST_AN_HOUR:
        return say("Too many attempts. Try again in an hour.")
    return "" if request.POST.get("agree") == "yes" else say("Check the box if you agree; without it nothing is sent.")


def _taken_in(request: HttpRequest, place: _Place, phone: str) -> str:
    """A job looks whether the number may be asked, so that neither the answer nor its time says so."""
    with as_owner():
        country = Workspace.objects.get(id=place.form.workspace_id).country
    try:
        number = read_number(phone, country)
    except NumberInvalid as error:
        return error.message
    jobs.configure_task("consent.ask", allow_unknown=True).defer(
        workspace_id=str(place.form.workspace_id), form_id=str(place.form.id), address=number.address, language=place.language, ip=_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:500], any_hour=request.POST.get("any_hour") == "yes",
    )  # fmt: skip
    return ""


def _place(request: HttpRequest, form: ConsentForm, language: str = "") -> _Place:
    with as_owner():
        workspace = Workspace.objects.get(id=form.workspace_id)
    wanted = (request.GET.get("lang", ""), language, request.headers.get("Accept-Language", "")[:2], workspace.language)
    return _Place(form, workspace.name, spoken(form.texts, *wanted))


def _ip(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _nothing(request: HttpRequest, said: str = "") -> HttpResponse:
    language = request.headers.get("Accept-Language", "en")[:2]
    return _answer({"language": language, "title": in_language(said or say("There is nothing here."), language)}, 404)


def _page(request: HttpRequest, place: _Place, *, status: int = 200, **more: Any) -> HttpResponse:
    words = {name: in_language(text, place.language) for name, text in WORDS.items()}
    languages = [(code, NAMES.get(code, code)) for code in place.form.texts if code != place.language]
    return _answer(
        {"language": place.language, "title": place.business, "words": words, "languages": languages, "csrf": get_token(request), **more},
        status,
    )


def _answer(facts: dict[str, Any], status: int) -> HttpResponse:
    direction = "rtl" if facts["language"] in RIGHT_TO_LEFT else "ltr"
    answer = HttpResponse(_template.render(Context({"direction": direction, **facts})), status=status)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["Referrer-Policy"] = "same-origin"  # with "no-referrer", browsers post "Origin: null", which Django refuses
    answer.headers["Cache-Control"] = "no-store"
    return answer
