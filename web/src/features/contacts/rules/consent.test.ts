import { expect, test } from "vitest";
import { isProven } from "./consent";

test.each([
  ["express_written", "", "", false],
  ["express_written", "Yes, text me offers.", "", true],
  ["express", " ", "Paper forms of 2025, in the safe", true],
  ["attested", "Yes, text me offers.", "", false],
  ["attested", "", "I asked each of them", true],
] as const)("%s with words %j and note %j", (kind, shown, note, proven) => {
  expect(isProven({ kind, shown, note })).toBe(proven);
});
