import { expect, test } from "vitest";
import { fieldText, inserted, withFallback } from "./fields";

test.each([
  ["contact.first_name", "", "{{ contact.first_name }}"],
  ["contact.first_name", "there", '{{ contact.first_name | default: "there" }}'],
  ["contact.first_name", 'dear "friend" }}', '{{ contact.first_name | default: "dear ”friend” " }}'],
])("%s with %j", (key, fallback, text) => {
  expect(fieldText(key, fallback)).toBe(text);
});

test.each([
  ["Hi {{contact.first_name}}, {{ contact.first_name }}", "contact.first_name", 'Hi {{ contact.first_name | default: "x" }}, {{ contact.first_name | default: "x" }}'],
  ['Hi {{ contact.first_name | default: "you" }}', "contact.first_name", 'Hi {{ contact.first_name | default: "you" }}'],
  ["{{ contact.city }} {{ contact.attributes.city }}", "contact.attributes.city", '{{ contact.city | default: "x" }} {{ contact.attributes.city | default: "x" }}'],
  ["{{ contactXfirst_name }}", "contact.first_name", "{{ contactXfirst_name }}"],
])("a fallback in %j", (text, key, expected) => {
  expect(withFallback(text, key, "x")).toBe(expected);
});

test("a fallback with a dollar sign stays as typed", () => {
  expect(withFallback("{{ contact.a }}", "contact.a", "$&$1")).toBe('{{ contact.a | default: "$&$1" }}');
});

test("a field goes where the cursor was, over what was marked", () => {
  expect(inserted("Hi there!", 3, 8, "{{ x }}")).toEqual({ text: "Hi {{ x }}!", at: 10 });
});
