import { describe, expect, it } from "vitest";
import { directionOf, formattingLocale, nearestLanguage, textDirection } from "./languages";

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

describe("formattingLocale", () => {
  it.each([
    ["en", ["en-GB", "en"], "en-GB"],
    ["en", ["el-GR"], "en-GB"],
    ["en", ["es-US"], "en-US"],
    ["en", ["en"], "en"],
    ["en", ["ar", "en-AU"], "en-AU"],
    ["en", ["not a tag"], "en"],
    ["en", [], "en"],
    ["ar", ["ar-SA"], "ar-SA-u-ca-gregory-nu-latn"],
  ])("%s for %j → %s", (language, wanted, expected) => expect(formattingLocale(language, wanted)).toBe(expected));

  it("tells the time as in London", () => {
    const at = new Date("2026-11-22T18:05:00Z");
    const told = (wanted: string[]) => new Intl.DateTimeFormat(formattingLocale("en", wanted), { timeStyle: "short", timeZone: "UTC" }).format(at);
    expect([told(["en-GB"]), told(["el-GR"])]).toEqual(["18:05", "18:05"]);
    expect(told(["en-US"])).toMatch(/6:05/);
  });
});
