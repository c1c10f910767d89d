/** The languages the console speaks, and how each is written. */

export const LANGUAGES = {
  en: { name: "English", direction: "ltr" },
  ar: { name: "العربية", direction: "rtl" },
  vi: { name: "Tiếng Việt", direction: "ltr" },
  el: { name: "Ελληνικά", direction: "ltr" },
  pl: { name: "Polski", direction: "ltr" },
} as const;

export type Language = keyof typeof LANGUAGES;

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

/** `ar-EG` → `ar`; anything we do not speak → English. */
export function nearestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split(/[-_]/)[0] ?? "";
    if (isLanguage(code)) return code;
  }
  return "en";
}

export const directionOf = (language: string): "ltr" | "rtl" => (isLanguage(language) ? LANGUAGES[language].direction : "ltr");

/**
 * The locale for dates and numbers: the language on screen as it is written where the reader lives, so that somebody in London is not told
 * the time as in New York. Arabic keeps Western digits: phone numbers, prices and counts stand next to each other here, and two kinds of
 * digits in one line misread; and the calendar is everybody's.
 */
export function formattingLocale(language: string, wanted: readonly string[] = navigator.languages): string {
  const own = wanted.find((tag) => tag.toLowerCase().split(/[-_]/)[0] === language);
  const region = regionOf(own ?? wanted[0]);
  if (language === "ar") return `${region ? `ar-${region}` : "ar"}-u-ca-gregory-nu-latn`;
  const local = region ? `${language}-${region}` : language;
  // English of a country that has none of its own is written as in most of the world, not as in the United States.
  return language === "en" && region && new Intl.DateTimeFormat(local).resolvedOptions().locale === "en" ? "en-GB" : local;
}

function regionOf(tag: string | undefined): string | undefined {
  try {
    return tag ? new Intl.Locale(tag.replace("_", "-")).region : undefined;
  } catch {
    return undefined; // not a language tag at all
  }
}

/** The direction a text itself reads in, by its first strong letter: what a customer wrote decides, not the console's language. */
export function textDirection(text: string): "ltr" | "rtl" {
  const strong = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]|\p{L}/u.exec(text);
  return strong && /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(strong[0]) ? "rtl" : "ltr";
}
