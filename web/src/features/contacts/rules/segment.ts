/** A segment's rule while it is being built: a tree of groups and conditions with ids to hold on to, and back to what the API stores. */
import type { Condition, Op, Rule } from "../api/types";

export interface GroupNode {
  id: string;
  kind: "group";
  /** `all` = and, `any` = or. */
  join: "all" | "any";
  nodes: Node[];
}

export interface ConditionNode {
  id: string;
  kind: "condition";
  field: string;
  op: Op;
  value: string;
}

export type Node = GroupNode | ConditionNode;

/** Groups within groups beyond this depth nobody can read. */
export const DEEPEST = 3;

export type Kind = "label" | "list" | "choice" | "text" | "date";

const KINDS: Record<string, Kind> = {
  label: "label",
  list: "list",
  language: "choice",
  country: "choice",
  first_name: "text",
  last_name: "text",
  birthday: "date",
  created_at: "date",
};

const OPS_OF: Record<Kind, readonly Op[]> = {
  label: ["is", "is_not"],
  list: ["is", "is_not"],
  choice: ["is", "is_not", "is_set", "is_not_set"],
  text: ["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"],
  date: ["before", "after", "is_set", "is_not_set"],
};

const ATTRIBUTE_OPS: readonly Op[] = [...OPS_OF.text, "greater", "less"];

export const isAttribute = (field: string): boolean => field.startsWith("attribute.");

export const kindOf = (field: string): Kind => KINDS[field] ?? "text";

export const opsOf = (field: string): readonly Op[] => (isAttribute(field) ? ATTRIBUTE_OPS : OPS_OF[kindOf(field)]);

export const needsValue = (op: Op): boolean => op !== "is_set" && op !== "is_not_set";

const newId = (): string => crypto.randomUUID();

export const newCondition = (field = "label"): ConditionNode => ({ id: newId(), kind: "condition", field, op: opsOf(field)[0] ?? "is", value: "" });

export const newGroup = (join: GroupNode["join"] = "all"): GroupNode => ({ id: newId(), kind: "group", join, nodes: [newCondition()] });

/** A condition of another field: the comparison stays where it makes sense, the value does not. */
export const withField = (node: ConditionNode, field: string): ConditionNode => ({
  ...node,
  field,
  op: opsOf(field).includes(node.op) ? node.op : (opsOf(field)[0] ?? "is"),
  value: "",
});

export function toTree(rule: Rule): GroupNode {
  const node = toNode(rule);
  return node.kind === "group" ? node : { id: newId(), kind: "group", join: "all", nodes: [node] };
}

function toNode(rule: Rule): Node {
  if ("all" in rule) return { id: newId(), kind: "group", join: "all", nodes: rule.all.map(toNode) };
  if ("any" in rule) return { id: newId(), kind: "group", join: "any", nodes: rule.any.map(toNode) };
  return { id: newId(), kind: "condition", field: rule.field, op: rule.op, value: rule.value == null ? "" : String(rule.value) };
}

export function toRule(node: GroupNode): Rule {
  const rules = node.nodes.map((child) => (child.kind === "group" ? toRule(child) : toCondition(child)));
  return node.join === "all" ? { all: rules } : { any: rules };
}

const toCondition = ({ field, op, value }: ConditionNode): Condition => (needsValue(op) ? { field, op, value: value.trim() } : { field, op });

/** True when every condition says what it compares with, and no group is empty. */
export function isComplete(node: Node): boolean {
  if (node.kind === "condition") return node.field !== "attribute." && (!needsValue(node.op) || node.value.trim() !== "");
  return node.nodes.length > 0 && node.nodes.every(isComplete);
}

/** The tree with the node of that id changed; removed when `change` gives null, and with it groups that become empty. */
export function changed(group: GroupNode, id: string, change: (node: Node) => Node | null): GroupNode {
  return { ...group, nodes: group.nodes.flatMap((node) => changedNode(node, id, change) ?? []) };
}

function changedNode(node: Node, id: string, change: (node: Node) => Node | null): Node | null {
  if (node.id === id) return change(node);
  if (node.kind === "condition") return node;
  const inner = changed(node, id, change);
  return inner.nodes.length > 0 || node.nodes.length === 0 ? inner : null;
}
