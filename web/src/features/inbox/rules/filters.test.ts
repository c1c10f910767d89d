import { expect, test } from "vitest";
import type { Conversation } from "../api/types";
import { belongs, queryOf, type Filters } from "./filters";

const base = { inbox_id: "i", status: "open", assignee: null, unread: 0 } as Conversation;
const filters = (change: Partial<Filters>): Filters => ({ view: "open", search: "", inbox: null, ...change });
const me = { id: "me", name: "Me" };

test.each<[string, Partial<Conversation>, Partial<Filters>, boolean | null]>([
  ["open", {}, { view: "open" }, true],
  ["closed leaves open", { status: "closed" }, { view: "open" }, false],
  ["mine", { assignee: me }, { view: "mine" }, true],
  ["another's is not mine", { assignee: { id: "x", name: "X" } }, { view: "mine" }, false],
  ["taken leaves unassigned", { assignee: me }, { view: "unassigned" }, false],
  ["unread", { unread: 2 }, { view: "unread" }, true],
  ["read stays under the eyes", { unread: 0 }, { view: "unread" }, null],
  ["reopened leaves closed", { status: "open" }, { view: "closed" }, false],
  ["another inbox", {}, { inbox: "other" }, false],
  ["a search only the server can answer", { status: "closed" }, { search: "maria" }, null],
])("%s", (_name, change, wanted, expected) => {
  expect(belongs({ ...base, ...change }, filters(wanted), "me")).toBe(expected);
});

test("a search looks through every view", () => {
  expect(queryOf(filters({ view: "closed", search: "maria" }))).toEqual({ search: "maria", inbox: null });
  expect(queryOf(filters({ view: "mine" }))).toMatchObject({ status: "open", assignee: "me" });
});
