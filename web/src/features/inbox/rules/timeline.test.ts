import { expect, test } from "vitest";
import type { Message } from "../api/types";
import { daysBetween, timeline } from "./timeline";

const at = (day: number, hour: number, minute: number): string => new Date(2026, 10, day, hour, minute).toISOString();

const message = (id: string, created_at: string, more: Partial<Message> = {}): Message =>
  ({ id, direction: "in", author_id: null, campaign_id: null, created_at, ...more }) as Message;

test("days, and runs of one side within five minutes, from old to new", () => {
  const newestFirst = [
    message("7", at(2, 9, 8), { direction: "out", author_id: "me" }),
    message("6", at(2, 9, 7), { direction: "out", author_id: "nadia" }),
    message("5", at(2, 9, 6), { direction: "out", campaign_id: "k", author_id: null }),
    message("4", at(2, 9, 5)),
    message("3", at(2, 0, 1)),
    message("2", at(1, 23, 59)),
    message("1", at(1, 23, 57)),
  ];
  const shape = timeline(newestFirst).map((day) => [day.date, day.runs.map((run) => run.messages.map(({ id }) => id).join(""))]);
  expect(shape).toEqual([
    ["2026-11-01", ["12"]],
    ["2026-11-02", ["3", "4", "5", "6", "7"]],
  ]);
});

test("days between, over a change of the clock", () => {
  expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  expect(daysBetween("2026-11-22", "2026-11-22")).toBe(0);
});
