import { expect, test } from "vitest";
import { pieces } from "./links";

const links = (text: string): string[] => pieces(text).flatMap((piece) => (piece.kind === "link" ? [piece.href] : []));

test.each<[string, string[]]>([
  ["look: https://example.com/a?b=1&c=2.", ["https://example.com/a?b=1&c=2"]],
  ["(see http://example.com/x_(y))", ["http://example.com/x_(y)"]],
  ["https://مثال.إختبار/صفحة، ثم", ["https://xn--mgbh0fb.xn--kgbechtv/%D8%B5%D9%81%D8%AD%D8%A9"]],
  ["two https://a.example https://b.example", ["https://a.example/", "https://b.example/"]],
  ["javascript:alert(1) data:text/html,x ftp://example.com", []],
  ["https://paypal.com@evil.example/", []],
  ["https:// and http://", []],
  ['<a href="https://example.com/">x</a>', ["https://example.com/"]],
  ["mailto:me@example.com 12:30 www.example.com", []],
])("%s", (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test.each(["", "plain", "https://example.com/.", "a https://x.example, b", "“https://x.example”", "👍 https://x.example 👍"])("every letter of %j stays", (text) => {
  expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
});
