import { expect, test } from "vitest";
import { formatDate, withDates } from "./i18n";

const day = (date: string) => formatDate(new Date(`${date}T12:00:00`));

test.each([
  ["16 on 2026-11-23 at 14:20 their time", `16 on ${day("2026-11-23")} at 14:20 their time`],
  ["Source: PECR (2026-11-22).", `Source: PECR (${day("2026-11-22")}).`],
  ["order 2026-13-99 and 12026-11-23", "order 2026-13-99 and 12026-11-23"],
  ["nothing", "nothing"],
])("%j reads %j", (sentence, read) => {
  expect(withDates(sentence)).toBe(read);
});
