import { expect, test } from "vitest";
import type { Phone, PhoneText, PhoneWithTexts } from "../api/types";
import { digitsOf, isNumber, moveToFront, withChanged, type Wall } from "./wall";

const text = (id: string, at: number, state: PhoneText["state"] = "delivered"): PhoneText => ({ id, from_phone: false, text: id, at, state, parts: 1 });
const phone = (address: string, at: number): Phone => ({ address, sender: "10001", texts: 1, last: text("1", at), persona: { temper: "agrees", language: "el" } });
const wall = (...pages: Phone[][]): Wall => ({ pages: pages.map((items) => ({ items, next: null })), pageParams: pages.map(() => null) });

test("phones that changed come to the front, the latest first, and keep who their owner is", () => {
  const changed = [
    { ...phone("3", 10), persona: undefined as never, changed: [] },
    { ...phone("9", 11), persona: undefined as never, changed: [] },
  ];
  const result = moveToFront(wall([phone("1", 5), phone("2", 4)], [phone("3", 3)]), changed);
  expect(result.pages.map((page) => page.items.map((one) => one.address))).toEqual([["9", "3", "1", "2"], []]);
  expect(result.pages[0]?.items[1]?.persona?.temper).toBe("agrees");
});

test("a new text is added in its order, a known one gets its new state", () => {
  const known: PhoneWithTexts = { ...phone("1", 5), texts: [text("8", 1, "on_its_way"), text("10", 2)] };
  const result = withChanged(known, { ...phone("1", 9), changed: [text("8", 1, "lost"), text("9", 2)] });
  expect(result.texts.map(({ id, state }) => `${id} ${state}`)).toEqual(["8 lost", "9 delivered", "10 delivered"]);
});

test.each([
  ["+30 691 234 5678", "306912345678", true],
  ["0030-691", "30691", true],
  ["٠٠٢٠ ١٠١", "20101", true],
  ["12", "12", false],
  ["abc", "", false],
])("%s → %s", (typed, digits, valid) => {
  expect(digitsOf(typed)).toBe(digits);
  expect(isNumber(digitsOf(typed))).toBe(valid);
});
