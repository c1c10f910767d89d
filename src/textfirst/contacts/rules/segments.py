"""Segments: a rule as JSON, as values, as SQL.

    {"all": [{"field": "label", "op": "is", "value": "<id>"}, {"any": [{"field": "attribute.city", "op": "is", "value": "Athens"}, …]}]}

The SQL is a condition over `contact c`; what people wrote is only ever a parameter. Its parameters are named `<prefix>0`, `<prefix>1`, …, and it
uses `%(workspace_id)s` of the statement around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneMetadata

from textfirst.contacts.rules.names import is_attribute_key
from textfirst.contacts.types import Condition, Fragment, Group, Op, Rule
from textfirst.core.addresses import is_country
from textfirst.core.errors import InvalidInput
from textfirst.core.words import Sentence, say

DEEPEST = 5  # groups within groups
MOST_CONDITIONS = 50
LONGEST_VALUE = 500  # characters
GROUPS = ("all", "any")

_SAME = (Op.IS, Op.IS_NOT)
_SET = (Op.IS_SET, Op.IS_NOT_SET)
_TEXT = (*_SAME, Op.CONTAINS, Op.STARTS_WITH, *_SET)
_TIME = (Op.IS, Op.IS_NOT, Op.BEFORE, Op.AFTER, *_SET)
OPS: Mapping[str, tuple[Op, ...]] = {
    "label": (*_SAME, *_SET),
    "list": (*_SAME, *_SET),
    "language": (*_SAME, *_SET),
    "country": (*_SAME, *_SET),
    "first_name": _TEXT,
    "last_name": _TEXT,
    "birthday": _TIME,
    "created_at": (Op.IS, Op.IS_NOT, Op.BEFORE, Op.AFTER),
    "attribute": (*_TEXT, Op.BEFORE, Op.AFTER, Op.GREATER, Op.LESS),
}

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,15})?")
_DAY = len("1990-12-31")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


# ---- JSON → values


def read_rule(given: Any) -> Rule:
    """The rule that `given` (parsed JSON) means. Raises InvalidInput, whose field says where: `rule.all.1.value`."""
    rule = _read(given, "rule", 1)
    if _size(rule) > MOST_CONDITIONS:
        raise _wrong("rule", say("A segment can have at most {most} conditions.", most=MOST_CONDITIONS))
    return rule


def write_rule(rule: Rule) -> dict[str, Any]:
    """The JSON of a rule; `read_rule` of it gives the rule again."""
    if isinstance(rule, Group):
        return {rule.match: [write_rule(inner) for inner in rule.rules]}
    written: dict[str, Any] = {"field": rule.field, "op": rule.op.value}
    return {**written, "value": rule.value} if rule.op.takes_value else written


def named_ids(rule: Rule, field: str) -> set[UUID]:
    """Ids of labels or lists that a rule names, so that their existence can be checked."""
    if isinstance(rule, Group):
        return set().union(*(named_ids(inner, field) for inner in rule.rules))
    return {UUID(rule.value)} if rule.field == field and rule.op.takes_value else set()


def _read(given: Any, place: str, depth: int) -> Rule:
    if not isinstance(given, dict):
        raise _wrong(place, say("A rule is an object with “all”, “any” or “field”."))
    match = next((name for name in GROUPS if name in given), None)
    if match is None:
        return _read_condition(given, place)
    if len(given) > 1 or not isinstance(given[match], list):
        raise _wrong(place, say("“{match}” stands alone and holds a list of rules.", match=match))
    if depth > DEEPEST:
        raise _wrong(place, say("Groups can be at most {most} deep.", most=DEEPEST))
    return Group(match, tuple(_read(inner, f"{place}.{match}.{number}", depth + 1) for number, inner in enumerate(given[match])))


def _read_condition(given: dict[str, Any], place: str) -> Condition:
    field = given.get("field")
    ops = OPS.get(_kind(field)) if isinstance(field, str) else None
    if not isinstance(field, str) or ops is None:
        raise _wrong(
            f"{place}.field",
            say("Choose what to compare: {fields} or attribute.<key>.", fields=", ".join(name for name in OPS if name != "attribute")),
        )
    op = next((known for known in ops if known.value == given.get("op")), None)
    if op is None:
        raise _wrong(f"{place}.op", say("“{field}” can be compared by: {ops}.", field=field, ops=", ".join(ops)))
    return Condition(field, op, _read_value(field, op, given.get("value"), f"{place}.value") if op.takes_value else "")


def _kind(field: str) -> str:
    if not field.startswith("attribute."):
        return field if field != "attribute" else ""
    return "attribute" if is_attribute_key(field.removeprefix("attribute.")) else ""


def _size(rule: Rule) -> int:
    return sum(map(_size, rule.rules)) if isinstance(rule, Group) else 1


def _read_value(field: str, op: Op, given: Any, place: str) -> str:
    """The value in its canonical form."""
    value = str(given).strip() if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    if not value or len(value) > LONGEST_VALUE or "\x00" in value:
        raise _wrong(place, say("Say what to compare with, in 1 to {most} characters.", most=LONGEST_VALUE))
    try:
        return _reader(field, op)(value)
    except _NotThis as error:
        raise _wrong(place, error.sentence) from None


class _NotThis(Exception):
    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence


def _reader(field: str, op: Op) -> Callable[[str], str]:
    if op in {Op.GREATER, Op.LESS}:
        return _number
    if op in {Op.BEFORE, Op.AFTER}:
        return _moment if field == "created_at" else _day
    return _READERS.get(field, str)


def _identifier(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise _NotThis(say("“{value}” is not an id.", value=value)) from None


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise _NotThis(say("“{value}” is not a language code, such as en or ar.", value=value))
    return value


def _country(value: str) -> str:
    if not is_country(value.upper()):
        raise _NotThis(say("“{value}” is not a country code, such as GR or VN.", value=value))
    return value.upper()


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _NotThis(say("“{value}” is not a date. Write it as 1990-12-31.", value=value)) from None


def _moment(value: str) -> str:
    """A day, or a moment with its offset; a moment without one is UTC."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _day(value)
    return value if len(value) == _DAY else moment.isoformat()


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise _NotThis(say("“{value}” is not a number.", value=value))
    return value


_READERS: Mapping[str, Callable[[str], str]] = {
    "label": _identifier, "list": _identifier, "language": _language, "country": _country, "birthday": _day, "created_at": _day,
}  # fmt: skip


def _wrong(place: str, sentence: Sentence) -> InvalidInput:
    return InvalidInput(sentence, code="rule_invalid", fields={place: sentence})


# ---- values → SQL


class _Params:
    """Gives each value its name."""

    def __init__(self, prefix: str, *, walked: bool = False) -> None:
        self.prefix = prefix
        self.walked = walked
        self.values: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        name = f"{self.prefix}{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def membership(table: str, which: str, *, walked: bool) -> str:
    """The condition over `contact c` that somebody is in `table` (a link table of contacts, as `m`), where also `which` holds.

    A set is what PostgreSQL counts best with. For whoever is `walked` through in the order of contacts it must be a look-up for each: the planner
    knows nothing of how large a workspace is, and a set looked through for each contact costs their product.
    """
    members = f"from {table} m where m.workspace_id = %(workspace_id)s{which}"
    if walked:
        return f"coalesce((select true {members} and m.contact_id = c.id limit 1), false)"
    return f"c.id in (select m.contact_id {members})"


def segment_sql(rule: Rule, *, prefix: str = "rule", walked: bool = False) -> Fragment:
    """The condition over `contact c` that a rule is; `walked` as for `membership`."""
    params = _Params(prefix, walked=walked)
    return Fragment(_sql(rule, params), params.values)


def _sql(rule: Rule, params: _Params) -> str:
    if isinstance(rule, Condition):
        return f"({_WRITERS[_kind(rule.field)](rule, params)})"
    if not rule.rules:
        return "true" if rule.match == "all" else "false"
    joint = " and " if rule.match == "all" else " or "
    return f"({joint.join(_sql(inner, params) for inner in rule.rules)})"


def _membership(table: str, column: str) -> Callable[[Condition, _Params], str]:
    def write(rule: Condition, params: _Params) -> str:
        which = f" and m.{column} = {params.add(UUID(rule.value))}" if rule.op.takes_value else ""
        return f"{'' if rule.op in {Op.IS, Op.IS_SET} else 'not '}{membership(table, which, walked=params.walked)}"

    return write


def _text(expression: str, rule: Condition, params: _Params) -> str:
    """Never null, so that `is_not` holds for who has nothing."""
    match rule.op:
        case Op.IS_SET:
            return f"{expression} <> ''"
        case Op.IS_NOT_SET:
            return f"{expression} = ''"
        case Op.IS | Op.IS_NOT:
            return f"lower({expression}) {'=' if rule.op is Op.IS else '<>'} lower({params.add(rule.value)})"
        case Op.CONTAINS:
            return f"strpos(lower({expression}), lower({params.add(rule.value)})) > 0"
        case _:
            return f"starts_with(lower({expression}), lower({params.add(rule.value)}))"


def _column(rule: Condition, params: _Params) -> str:
    return _text(f"c.{rule.field}", rule, params)


def _attribute(rule: Condition, params: _Params) -> str:
    value = f"coalesce(c.attributes ->> {params.add(rule.field.removeprefix('attribute.'))}, '')"
    if rule.op in {Op.GREATER, Op.LESS}:
        sign = ">" if rule.op is Op.GREATER else "<"
        return rf"case when {value} ~ '^-?[0-9]{{1,30}}(\.[0-9]+)?$' then {value}::numeric {sign} {params.add(rule.value)}::numeric else false end"
    if rule.op in {Op.BEFORE, Op.AFTER}:  # written as 1990-12-31, a date sorts as text
        sign = ">" if rule.op is Op.AFTER else "<"
        return rf"{value} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}' and left({value}, 10) {sign} {params.add(rule.value)}"
    return _text(value, rule, params)


def _birthday(rule: Condition, params: _Params) -> str:
    match rule.op:
        case Op.IS_SET:
            return "c.birthday is not null"
        case Op.IS_NOT_SET:
            return "c.birthday is null"
        case Op.IS_NOT:
            return f"c.birthday is distinct from {params.add(rule.value)}::date"
        case _:
            return f"coalesce(c.birthday {_SIGNS[rule.op]} {params.add(rule.value)}::date, false)"


def _created(rule: Condition, params: _Params) -> str:
    """A day is the day in UTC; `after` a day begins when it has ended."""
    first, end = _span(rule.value)
    match rule.op:
        case Op.BEFORE:
            return f"c.created_at < {params.add(first)}"
        case Op.AFTER:
            return f"c.created_at {'>=' if end > first else '>'} {params.add(end)}"
        case _:
            within = f"c.created_at >= {params.add(first)} and c.created_at < {params.add(end)}"
            return within if rule.op is Op.IS else f"not ({within})"


def _span(value: str) -> tuple[datetime, datetime]:
    """A day from its begin to its end, or a moment twice."""
    moment = datetime.fromisoformat(value)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware, aware + timedelta(days=1) if len(value) == _DAY else aware


_SIGNS = {Op.IS: "=", Op.BEFORE: "<", Op.AFTER: ">"}


def _by_country(rule: Condition, params: _Params) -> str:
    """By the contact's numbers; with several of them, one is enough."""
    having = f" and {_in_country(rule.value, params)}" if rule.op.takes_value else ""
    numbers = f"select i.contact_id from contact_identity i where i.workspace_id = %(workspace_id)s and i.scheme = 'tel'{having}"  # noqa: S608 - our own words; values are parameters
    return f"c.id {'in' if rule.op in {Op.IS, Op.IS_SET} else 'not in'} ({numbers})"


def _in_country(country: str, params: _Params) -> str:
    """Numbers of a country. Where countries share a calling code (+1, +7, +44 …) the numbering plan's patterns tell them apart, the largest last."""
    code = phonenumbers.country_code_for_region(country)
    sharing = phonenumbers.region_codes_for_country_code(code)
    condition = f"starts_with(i.address, {params.add(f'+{code}')})"
    if len(sharing) == 1:
        return condition
    if country != sharing[0]:
        return f"{condition} and i.address ~ {params.add(_pattern(code, country))}"
    others = "".join(f" and i.address !~ {params.add(_pattern(code, other))}" for other in sharing[1:])
    return condition + others


def _pattern(code: int, country: str) -> str:
    """Numbers of a country that shares its calling code: by the digits reserved for it, else by its lines and mobiles (toll-free numbers are shared)."""
    plan = PhoneMetadata.metadata_for_region(country)
    if plan is None:
        return "^$"  # a country without its own plan: no number is known to be its
    if plan.leading_digits:
        return rf"^\+{code}(?:{plan.leading_digits})"
    known = [line.national_number_pattern for line in (plan.fixed_line, plan.mobile) if line is not None and line.national_number_pattern]
    return rf"^\+{code}(?:{'|'.join(dict.fromkeys(known))})$"


_WRITERS: Mapping[str, Callable[[Condition, _Params], str]] = {
    "label": _membership("contact_label", "label_id"),
    "list": _membership("contact_list_member", "contact_list_id"),
    "language": _column,
    "country": _by_country,
    "first_name": _column,
    "last_name": _column,
    "birthday": _birthday,
    "created_at": _created,
    "attribute": _attribute,
}
