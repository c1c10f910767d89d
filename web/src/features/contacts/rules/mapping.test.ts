import { expect, test } from "vitest";
import { attributeKey, hasPhone, mapped } from "./mapping";

test("a field that makes sense once moves; numbers and labels may come twice", () => {
  const mapping = { "0": "phone", "1": "first_name", "2": "label" };
  expect(mapped(mapping, 3, "first_name")).toEqual({ "0": "phone", "1": "ignore", "2": "label", "3": "first_name" });
  expect(mapped(mapping, 3, "phone")).toMatchObject({ "0": "phone", "3": "phone" });
  expect(mapped(mapping, 3, "label")).toMatchObject({ "2": "label", "3": "label" });
});

test("nobody can be texted without a number", () => {
  expect(hasPhone({ "0": "first_name" })).toBe(false);
  expect(hasPhone({ "0": "phone" })).toBe(true);
});

test.each([
  ["City", "city"],
  [" Last visit (date) ", "last_visit_date"],
  ["المدينة", "المدينة"],
  ["!!!", "field"],
])("the key of %s is %s", (heading, key) => {
  expect(attributeKey(heading)).toBe(key);
});
