"""Every sentence people may read has its Arabic, and the two agree on the values in them."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import textfirst
from textfirst.core.languages import ar
from textfirst.core.words import in_language, say

SOURCE = Path(textfirst.__file__).parent
SPEAKING = ("api", "accounts", "contacts", "channels", "consent", "decisions", "messages", "conversations", "campaigns", "front", "core")
ERRORS = {"InvalidInput", "NotAllowed", "NotFound", "Conflict", "TooMany", "Unavailable", "NotSignedIn"}
# Settings of the machine are told to its operator, in English, as its log is.
OPERATORS = {"core/settings.py", "core/errors.py", "consent/actions/carrying.py"}


def modules() -> list[Path]:
    files = (path for folder in SPEAKING for path in sorted((SOURCE / folder).rglob("*.py")))
    return [path for path in files if "migrations" not in path.parts and str(path.relative_to(SOURCE)) not in OPERATORS]


def sentences(path: Path) -> Iterator[tuple[int, str | None]]:
    """Line and template of every sentence raised or said in a module; None for an f-string, which nobody can translate."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS | {"say"} and node.args:
            yield from _text(node.args[0], constants)
            for keyword in node.keywords:
                if keyword.arg == "fields" and isinstance(keyword.value, ast.Dict):
                    for value in keyword.value.values:
                        yield from _text(value, constants)


def _text(node: ast.expr, constants: dict[str, str]) -> Iterator[tuple[int, str | None]]:
    match node:
        case ast.Constant(value=str() as text):
            yield node.lineno, text
        case ast.Name(id=name) if name in constants:
            yield node.lineno, constants[name]
        case ast.JoinedStr():
            yield node.lineno, None


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_what_is_said_is_said_in_arabic_too(path: Path) -> None:
    loose = [f"line {line}: use say(), not an f-string" for line, text in sentences(path) if text is None]
    missing = [text for _, text in sentences(path) if text is not None and text not in ar.SENTENCES]
    assert (loose, missing) == ([], [])


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("english", ar.SENTENCES)
def test_a_translation_keeps_the_values(english: str) -> None:
    assert placeholders(ar.SENTENCES[english]) == placeholders(english)


@pytest.mark.parametrize("english", ar.SENTENCES)
def test_a_translation_is_arabic(english: str) -> None:
    assert any("\u0600" <= letter <= "\u06ff" for letter in ar.SENTENCES[english])


def test_a_sentence_is_english_until_a_reader_is_known() -> None:
    sentence = say("This API key lacks the scope {scope}.", scope="contacts:read")
    assert sentence == "This API key lacks the scope contacts:read."
    assert in_language(sentence, "ar-EG") == "ينقص هذا المفتاح الصلاحية contacts:read."
    assert in_language(sentence, "pl") == sentence


def test_braces_in_a_value_are_left_alone() -> None:
    assert in_language(say("This API key lacks the scope {scope}.", scope="{{x}}"), "ar").endswith("{{x}}.")


def test_how_a_channel_is_is_translated() -> None:
    from textfirst.channels.contract import Reason
    from textfirst.channels.rules.health import AGAIN_IN_MINUTES, AGAIN_IN_SECONDS, SENTENCES

    words = {*SENTENCES.values(), AGAIN_IN_SECONDS, AGAIN_IN_MINUTES, *(reason.words for reason in Reason)}
    assert words - ar.SENTENCES.keys() == set()


def test_the_forms_of_channels_are_translated() -> None:
    from textfirst.channels.registry import DECLARATIONS

    words = {text for declaration in DECLARATIONS.values() for text in (declaration.label, declaration.help)}
    words |= {
        text
        for declaration in DECLARATIONS.values()
        for spec in declaration.fields
        for text in (spec.label, spec.help, *(choice.label for choice in spec.choices))
    }
    assert words - {""} - ar.SENTENCES.keys() == set()
