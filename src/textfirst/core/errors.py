"""Every error that Textfirst raises on purpose.

    TextfirstError                  a stable code, a human sentence, the fields at fault
    ├── SettingError                an environment variable or a setting is wrong
    ├── BadRequest                  what was sent cannot even be read (HTTP 400)
    ├── InvalidInput                what was given cannot be used (422)
    ├── NotAllowed                  who asks may not do this (403)
    ├── NotFound                    there is no such thing in this workspace (404)
    ├── Conflict                    it clashes with what is there already (409)
    ├── TooMany                     slow down (429)
    └── Unavailable                 we cannot do it now, try again (503)

One place turns them into HTTP: `api/errors.py` in the console, `front/errors.py` in the front.
"""

from __future__ import annotations

from collections.abc import Mapping


class TextfirstError(Exception):
    """An error with words for a person.

    `code` is stable and in English (`number_invalid`), `message` says what was wrong and what to do,
    `fields` maps a field's name to its own sentence.
    """

    status = 500
    code = "error"

    def __init__(self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})


class SettingError(TextfirstError):
    code = "setting_invalid"


class BadRequest(TextfirstError):
    status = 400
    code = "bad_request"


class InvalidInput(TextfirstError):
    status = 422
    code = "invalid"


class NotAllowed(TextfirstError):
    status = 403
    code = "not_allowed"


class NotFound(TextfirstError):
    status = 404
    code = "not_found"


class Conflict(TextfirstError):
    status = 409
    code = "conflict"


class TooMany(TextfirstError):
    status = 429
    code = "too_many_requests"


class Unavailable(TextfirstError):
    status = 503
    code = "unavailable"
