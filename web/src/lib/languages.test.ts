import { describe, expect, it } from "vitest";
import { directionOf, nearestLanguage, textDirection } from "./languages";

describe("nearestLanguage", () => {
  it.each([
    [["ar-EG", "en"], "ar"],
    [["de", "el_GR"], "el"],
    [["", "zh"], "en"],
    [[], "en"],
  ])("%j → %s", (wanted, expected) => expect(nearestLanguage(wanted)).toBe(expected));
});

describe("directionOf", () => {
  it.each([
    ["ar", "rtl"],
    ["en", "ltr"],
    ["xx", "ltr"],
  ])("%s → %s", (language, expected) => expect(directionOf(language)).toBe(expected));
});

describe("textDirection", () => {
  it.each([
    ["مرحبا Anna", "rtl"],
    ["Hello مرحبا", "ltr"],
    ["123 - مرحبا", "rtl"],
    ["👍 12:30", "ltr"],
    ["שלום", "rtl"],
    ["", "ltr"],
  ])("%s → %s", (text, expected) => expect(textDirection(text)).toBe(expected));
});
