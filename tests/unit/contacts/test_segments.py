"""Rules of segments: read, written again, and turned into SQL that holds no value."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.contacts.rules.audiences import audience_sql
from textfirst.contacts.rules.segments import OPS, named_ids, read_rule, segment_sql, write_rule
from textfirst.contacts.types import Audience, Condition, Group, Op
from textfirst.core.errors import InvalidInput

LABEL = UUID(int=7)
ATHENS = {"field": "attribute.city", "op": "is", "value": "Athens"}

REFUSED = [
    ("x", "rule"),
    ({}, "rule.field"),
    ({"all": {}}, "rule"),
    ({"all": [], "any": []}, "rule"),
    ({"field": "phone", "op": "is", "value": "1"}, "rule.field"),
    ({"field": "attribute", "op": "is", "value": "1"}, "rule.field"),
    ({"field": "attribute.a b", "op": "is", "value": "1"}, "rule.field"),
    ({"field": "attribute.a'; drop table contact --", "op": "is", "value": "1"}, "rule.field"),
    ({"field": ["label"], "op": "is", "value": "1"}, "rule.field"),
    ({"field": "label", "op": "contains", "value": "1"}, "rule.op"),
    ({"field": "first_name", "op": "greater", "value": "1"}, "rule.op"),
    ({"field": "label", "op": "is", "value": "vip"}, "rule.value"),
    ({"field": "first_name", "op": "is", "value": ""}, "rule.value"),
    ({"field": "first_name", "op": "is"}, "rule.value"),
    ({"field": "first_name", "op": "is", "value": {"$gt": ""}}, "rule.value"),
    ({"field": "first_name", "op": "is", "value": "a\x00b"}, "rule.value"),
    ({"field": "first_name", "op": "is", "value": "a" * 501}, "rule.value"),
    ({"field": "birthday", "op": "before", "value": "31.12.1990"}, "rule.value"),
    ({"field": "country", "op": "is", "value": "Greece"}, "rule.value"),
    ({"field": "attribute.age", "op": "greater", "value": "old"}, "rule.value"),
    ({"all": [ATHENS, {"any": [ATHENS, {"field": "label"}]}]}, "rule.all.1.any.1.op"),
    ({"all": [ATHENS] * 51}, "rule"),
    ({"all": [{"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]}]}, "rule.all.0.all.0.all.0.all.0.all.0"),
]


@pytest.mark.parametrize(("given_rule", "place"), REFUSED)
def test_a_rule_that_makes_no_sense_is_refused_where_it_does_not(given_rule, place):
    with pytest.raises(InvalidInput) as refused:
        read_rule(given_rule)
    assert list(refused.value.fields) == [place]
    assert refused.value.code == "rule_invalid"


def test_a_rule_becomes_values_and_the_same_json_again():
    json = {"all": [{"field": "label", "op": "is", "value": str(LABEL)}, {"any": [ATHENS, {"field": "birthday", "op": "is_set"}]}]}
    rule = read_rule(json)
    assert rule == Group(
        "all",
        (
            Condition("label", Op.IS, str(LABEL)),
            Group("any", (Condition("attribute.city", Op.IS, "Athens"), Condition("birthday", Op.IS_SET))),
        ),
    )
    assert write_rule(rule) == json
    assert named_ids(rule, "label") == {LABEL}
    assert named_ids(rule, "list") == set()


def test_canonical_values():
    assert read_rule({"field": "country", "op": "is", "value": "gr"}) == Condition("country", Op.IS, "GR")
    assert read_rule({"field": "attribute.age", "op": "greater", "value": 18}) == Condition("attribute.age", Op.GREATER, "18")
    assert read_rule({"field": "created_at", "op": "after", "value": "2026-01-02T03:04:05Z"}).value == "2026-01-02T03:04:05+00:00"


conditions = st.sampled_from([(f, op) for f, ops in OPS.items() for op in ops]).flatmap(
    lambda pair: st.builds(
        lambda value: {
            "field": "attribute.x" if pair[0] == "attribute" else pair[0],
            "op": pair[1].value,
            **({"value": value} if pair[1].takes_value else {}),
        },
        st.sampled_from([str(LABEL), "2020-01-01", "7", "GR", "en", "o'%s %(x)s; --"]),
    )
)


@given(
    st.recursive(
        conditions,
        lambda inner: st.builds(lambda m, rules: {m: rules}, st.sampled_from(["all", "any"]), st.lists(inner, max_size=3)),
        max_leaves=8,
    )
)
def test_any_rule_is_refused_or_becomes_sql_without_its_values(json):
    try:
        rule = read_rule(json)
    except InvalidInput:
        return
    assert read_rule(write_rule(rule)) == rule
    fragment = segment_sql(rule, prefix="p")
    assert "o'" not in fragment.sql
    assert fragment.sql % {"workspace_id": "w", **dict.fromkeys(fragment.params, "v")}  # every parameter is named, nothing else is


def test_an_audience_names_its_parameters_apart():
    first, second, gone = UUID(int=1), UUID(int=2), UUID(int=3)
    rule = read_rule(ATHENS)
    fragment = audience_sql(Audience(lists=(LABEL,), segments=(second, first, gone), contacts=(LABEL,)), {first: rule, second: rule})
    assert set(fragment.params) == {"audience_lists", "audience_contacts", "audience0_0", "audience0_1", "audience1_0", "audience1_1"}
    assert "and false" in audience_sql(Audience(), {}).sql
    assert "and true" in audience_sql(Audience(everyone=True, lists=(LABEL,)), {}).sql
