/** Words in five languages: one JSON file per language and feature, loaded when first shown. */
import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { configureHttp } from "./http";
import { directionOf, formattingLocale, LANGUAGES, nearestLanguage, type Language } from "./languages";
import { remember, remembered } from "./storage";

const files = import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/*.json");

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (!load) return done(new Error(`no words for ${language}/${namespace}`), null);
    load().then(
      (words) => done(null, words.default as never),
      (error: unknown) => done(error as Error, null),
    );
  },
};

export const i18n = i18next.use(backend).use(initReactI18next);

export async function startI18n(): Promise<void> {
  i18n.on("languageChanged", applyLanguage);
  await i18n.init({
    lng: chosenLanguage(),
    fallbackLng: "en",
    supportedLngs: Object.keys(LANGUAGES),
    ns: ["common"],
    defaultNS: "common",
    fallbackNS: "common",
    returnEmptyString: false, // an untranslated key is stored as "", and falls back to English
    interpolation: { escapeValue: false }, // React escapes
    react: { useSuspense: true },
  });
}

export const chosenLanguage = (): Language => nearestLanguage([remembered("language") ?? "", ...navigator.languages]);

/** Switches at once and remembers it for this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  remember("language", language);
  await i18n.changeLanguage(language);
}

function applyLanguage(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  configureHttp({ language });
}

/** Number and date formatters for the language on screen, made once each. */
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function formatter<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: (locale: string) => T): T {
  const locale = formattingLocale(i18n.language || "en");
  const full = `${locale}/${key}`;
  const known = formatters.get(full) as T | undefined;
  if (known) return known;
  const made = make(locale);
  formatters.set(full, made);
  return made;
}

export const formatNumber = (value: number): string => formatter("number", (locale) => new Intl.NumberFormat(locale)).format(value);

export const formatPercent = (share: number): string =>
  formatter("percent", (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 })).format(share);

export const formatDateTime = (at: Date): string =>
  formatter("datetime", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" })).format(at);

/** A clock on a wall somewhere, given as if it were UTC: “Mon 23 Nov, 09:00”. */
export const formatWall = (wall: Date): string =>
  formatter("wall", (locale) => new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZone: "UTC" })).format(wall);

/** A sentence of the server with its dates (`2026-11-23`) as the reader writes them. */
export const withDates = (sentence: string): string => sentence.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => (Number.isNaN(Date.parse(date)) ? date : formatDate(new Date(`${date}T12:00:00`))));

export const formatDate = (at: Date): string =>
  formatter("date", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" })).format(at);

export const formatTime = (at: Date): string =>
  formatter("time", (locale) => new Intl.DateTimeFormat(locale, { timeStyle: "short" })).format(at);

/** “5 minutes ago”, “yesterday”; the largest unit that fits. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_557_600],
    ["month", 2_629_800],
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const relative = formatter("relative", (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return relative.format(0, "second");
}
