import { expect, test } from "vitest";
import { instantOf, localOf } from "./time";

test.each([
  ["2026-11-22T09:30", "Europe/Athens", "2026-11-22T07:30:00.000Z"],
  ["2026-07-01T09:30", "Europe/Athens", "2026-07-01T06:30:00.000Z"],
  ["2026-11-22T09:30", "Asia/Kolkata", "2026-11-22T04:00:00.000Z"],
  ["2026-11-22T00:15", "Asia/Ho_Chi_Minh", "2026-11-21T17:15:00.000Z"],
  // 2026-10-25, 04:00 → 03:00: half past three comes twice, the first is meant
  ["2026-10-25T03:30", "Europe/Athens", "2026-10-25T00:30:00.000Z"],
  ["2026-10-25T05:00", "Europe/Athens", "2026-10-25T03:00:00.000Z"],
  // 2026-03-29, 03:00 → 04:00: half past three does not come, half past four is its place
  ["2026-03-29T03:30", "Europe/Athens", "2026-03-29T01:30:00.000Z"],
])("%s in %s is %s", (local, zone, instant) => {
  expect(instantOf(local, zone)?.toISOString()).toBe(instant);
});

test.each(["", "soon", "2026-13-45T99:99"])("%j is no time", (local) => {
  expect(instantOf(local, "Europe/Athens")).toBeNull();
});

test("there and back", () => {
  const instant = new Date("2026-11-22T07:30:00.000Z");
  expect(localOf(instant, "Europe/Athens")).toBe("2026-11-22T09:30");
  expect(instantOf(localOf(instant, "America/St_Johns"), "America/St_Johns")).toEqual(instant);
});
