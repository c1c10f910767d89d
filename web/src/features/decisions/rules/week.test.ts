import { expect, test } from "vitest";
import { clockOf, everyDay, officeWeek, runs, sameWeek, spanOf, withDay, written } from "./week";

test.each([
  ["09:00-21:00", 540, 1260],
  ["00:00-24:00", 0, 1440],
  ["12:30-17:05", 750, 1025],
])("%s is from minute %i to %i, and back", (text, opens, closes) => {
  expect(spanOf(text)).toEqual({ opens, closes });
  expect(written({ opens, closes })).toBe(text);
});

test("midnight at the end of a day is 24:00", () => {
  expect(clockOf(1440)).toBe("24:00");
});

test("days of equal hours are told together", () => {
  expect(runs(officeWeek())).toEqual([
    { first: "mon", last: "fri", spans: ["09:00-18:00"] },
    { first: "sat", last: "sun", spans: [] },
  ]);
  expect(runs(withDay(officeWeek(), "wed", null)).map(({ first, last }) => `${first}-${last}`)).toEqual(["mon-tue", "wed-wed", "thu-fri", "sat-sun"]);
});

test("a day that is closed and opened again is as before", () => {
  const week = everyDay(["10:00-12:00"]);
  const closed = withDay(week, "sun", null);
  expect(sameWeek(week, closed)).toBe(false);
  expect(sameWeek(week, withDay(closed, "sun", { opens: 600, closes: 720 }))).toBe(true);
});
