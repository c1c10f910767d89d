import { expect, test } from "vitest";
import { barsOf, wallTime } from "./dryRun";

const quiet = { code: "quiet_hours", message: "Quiet hours" };
const start = (hour: number, count: number, local = "09:00") => ({ from: `2026-11-23T${String(hour).padStart(2, "0")}:00:00Z`, count, headline: quiet, local });

test("the earliest comes first, and equal ones are counted together", () => {
  expect(barsOf([start(14, 5), start(9, 3), start(9, 2)]).map(({ count }) => count)).toEqual([5, 5]);
  expect(barsOf([start(14, 5), start(9, 3)]).map(({ key }) => key.slice(11, 13))).toEqual(["09", "14"]);
});

test("nobody of a long tail is lost", () => {
  const many = Array.from({ length: 24 }, (_, hour) => start(hour, 1));
  const bars = barsOf(many);
  expect(bars.length).toBe(12);
  expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(24);
});

test.each([
  ["2026-11-23T09:00:00Z", "09:00", "2026-11-23T09:00"], // London
  ["2026-11-23T03:30:00Z", "09:00", "2026-11-23T09:00"], // Kolkata
  ["2026-11-22T22:00:00Z", "09:00", "2026-11-23T09:00"], // Sydney: tomorrow there
  ["2026-11-22T20:00:00Z", "09:00", "2026-11-23T09:00"], // Auckland in summer
  ["2026-11-24T04:00:00Z", "20:00", "2026-11-23T20:00"], // Los Angeles: still yesterday
  ["2026-11-23T19:00:00Z", "09:00", "2026-11-23T09:00"], // Honolulu
])("at %s a clock with %s shows %s", (from, clock, wall) => {
  expect(wallTime(from, clock).toISOString().slice(0, 16)).toBe(wall);
});
