/** Times, days and names as the reader writes them. */
import { useTranslation } from "react-i18next";
import { formattingLocale } from "@/lib/languages";
import { WEEKDAYS, type Weekday } from "../api/packs";

/** A Monday: days of the week are named by counting from it. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function useWords() {
  const { i18n } = useTranslation();
  const locale = formattingLocale(i18n.language);
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const day = (weekday: Weekday, length: "long" | "short") => format({ weekday: length, timeZone: "UTC" }).format(MONDAY + WEEKDAYS.indexOf(weekday) * DAY_MS);
  return {
    locale,
    day,
    /** 540 as nine o'clock; the end of a day is midnight. */
    clock: (minutes: number) => format({ timeStyle: "short", timeZone: "UTC" }).format(MONDAY + minutes * 60_000),
    date: (date: string) => format({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`)),
    /** `+00:00` of an API time is kept: what the clock on the wall there says. */
    onTheWall: (at: string, zone: string) => format({ timeStyle: "short", timeZone: zone }).format(new Date(at)),
    weekdayThere: (at: string, zone: string) => format({ weekday: "short", timeZone: zone }).format(new Date(at)),
    list: (parts: readonly string[]) => new Intl.ListFormat(locale, { type: "conjunction" }).format(parts),
    country: (code: string) => new Intl.DisplayNames([locale], { type: "region" }).of(code) ?? code,
    language: (code: string) => new Intl.DisplayNames([locale], { type: "language" }).of(code) ?? code,
  };
}

/** `America/New_York` as New York: the last part, which is a city or the zone's own name. */
export const cityOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
