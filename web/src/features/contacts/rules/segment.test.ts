import { expect, test } from "vitest";
import type { Rule } from "../api/types";
import { changed, isComplete, newCondition, newGroup, opsOf, toRule, toTree, withField, type ConditionNode, type GroupNode } from "./segment";

const RULE: Rule = {
  all: [
    { field: "language", op: "is", value: "el" },
    { any: [{ field: "attribute.points", op: "greater", value: "10" }, { field: "birthday", op: "is_set" }] },
  ],
};

test("a rule comes back as it was", () => {
  expect(toRule(toTree(RULE))).toEqual(RULE);
});

test("a lone condition gets a group around it", () => {
  expect(toRule(toTree({ field: "label", op: "is", value: "vip" }))).toEqual({ all: [{ field: "label", op: "is", value: "vip" }] });
});

test("comparisons without a value send none", () => {
  const tree = toTree({ field: "first_name", op: "is", value: "x" });
  (tree.nodes[0] as ConditionNode).op = "is_not_set";
  expect(toRule(tree)).toEqual({ all: [{ field: "first_name", op: "is_not_set" }] });
});

test.each<[string, Rule, boolean]>([
  ["whole", RULE, true],
  ["a value is missing", { all: [{ field: "label", op: "is", value: "" }] }, false],
  ["no value is needed", { all: [{ field: "language", op: "is_set" }] }, true],
  ["an attribute without a name", { all: [{ field: "attribute.", op: "is", value: "x" }] }, false],
  ["an empty group", { all: [{ any: [] }] }, false],
])("complete: %s", (_name, rule, expected) => {
  expect(isComplete(toTree(rule))).toBe(expected);
});

test("removing the last condition of an inner group removes the group", () => {
  const tree = toTree({ all: [{ field: "language", op: "is_set" }, { any: [{ field: "birthday", op: "is_set" }] }] });
  const inner = tree.nodes[1] as GroupNode;
  expect(toRule(changed(tree, inner.nodes[0]?.id ?? "", () => null))).toEqual({ all: [{ field: "language", op: "is_set" }] });
});

test("another field keeps the comparison only where it makes sense", () => {
  const dated: ConditionNode = { ...newCondition("birthday"), op: "before", value: "2000-01-01" };
  expect(withField(dated, "created_at")).toMatchObject({ op: "before", value: "" });
  expect(withField(dated, "label")).toMatchObject({ op: "is", value: "" });
  expect(opsOf("attribute.points")).toContain("greater");
});

test("a new group is incomplete until its condition says something", () => {
  expect(isComplete(newGroup())).toBe(false);
});
