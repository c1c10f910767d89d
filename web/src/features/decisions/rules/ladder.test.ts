import { expect, test } from "vitest";
import type { Step } from "../api/policy";
import { added, changed, moved, removed } from "./ladder";

const text: Step = { kind: "text", wait_minutes: 0, go_on: null };
const ladder: Step[] = [{ kind: "text", wait_minutes: 120, go_on: "not_confirmed" }, { kind: "call", wait_minutes: 0, go_on: null }];

test("a step that gets a successor says when to go on", () => {
  expect(added([text], "call")).toEqual([{ kind: "text", wait_minutes: 30, go_on: "not_delivered" }, { kind: "call", wait_minutes: 0, go_on: null }]);
});

test("what becomes the last step goes nowhere", () => {
  expect(removed(ladder, 1)).toEqual([{ kind: "text", wait_minutes: 120, go_on: null }]);
  expect(moved(ladder, 0, 1).map(({ kind, go_on }) => [kind, go_on])).toEqual([["call", "not_delivered"], ["text", null]]);
});

test("beyond the ends nothing moves", () => {
  expect(moved(ladder, 0, -1)).toEqual(ladder);
  expect(moved(ladder, 1, 1)).toEqual(ladder);
});

test("one step changes, the others stay", () => {
  expect(changed(ladder, 0, { wait_minutes: 5 })[0]?.wait_minutes).toBe(5);
  expect(changed(ladder, 0, { wait_minutes: 5 })[1]).toEqual(ladder[1]);
});
