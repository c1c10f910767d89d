/** Names of languages, countries and time zones in the reader's language. */
import { formattingLocale } from "@/lib/languages";

const LANGUAGES = ["ar", "bg", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hr", "hu", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sq", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh"];

// prettier-ignore
const COUNTRIES = ["AE","AL","AM","AR","AT","AU","AZ","BA","BD","BE","BG","BH","BR","BY","CA","CH","CL","CN","CO","CY","CZ","DE","DK","DZ","EE","EG","ES","ET","FI","FR","GB","GE","GH","GR","HK","HR","HU","ID","IE","IL","IN","IQ","IR","IS","IT","JO","JP","KE","KH","KR","KW","KZ","LA","LB","LK","LT","LU","LV","LY","MA","MD","ME","MK","MM","MT","MX","MY","NG","NL","NO","NP","NZ","OM","PE","PH","PK","PL","PS","PT","QA","RO","RS","RU","SA","SD","SE","SG","SI","SK","SN","SY","TH","TN","TR","TW","TZ","UA","UG","US","UZ","VE","VN","XK","YE","ZA"];

type Choice = { value: string; label: string };

function named(codes: readonly string[], type: "language" | "region", language: string): Choice[] {
  const locale = formattingLocale(language);
  const names = new Intl.DisplayNames([locale], { type });
  return codes.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) => a.label.localeCompare(b.label, locale));
}

/** Codes already in the data that the list lacks are kept. */
export const languageChoices = (language: string, current?: string): Choice[] => named(withCurrent(LANGUAGES, current), "language", language);
export const countryChoices = (language: string, current?: string): Choice[] => named(withCurrent(COUNTRIES, current), "region", language);

const withCurrent = (codes: readonly string[], current: string | undefined): readonly string[] => (current && !codes.includes(current) ? [...codes, current] : codes);

export const timeZones = (): string[] => Intl.supportedValuesOf("timeZone");

export const languageName = (code: string, language: string): string => new Intl.DisplayNames([formattingLocale(language)], { type: "language" }).of(code) ?? code;
