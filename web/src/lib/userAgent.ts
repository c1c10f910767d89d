/** `Mozilla/5.0 (X11; Linux…) … Firefox/130.0` → `Firefox · Linux`; names only, which no language translates. */

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

// iPhones say “like Mac OS X” and Android says “Linux”: the particular before the general.
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const named = (names: readonly [RegExp, string][], text: string) => names.find(([pattern]) => pattern.test(text))?.[1];

export const isHandheld = (userAgent: string): boolean => /iPhone|iPad|Android/.test(userAgent);

/** Null when neither browser nor system is one we know: the caller has a word for that. */
export function deviceName(userAgent: string): string | null {
  const known = [named(BROWSERS, userAgent), named(SYSTEMS, userAgent)].filter(Boolean);
  return known.length > 0 ? known.join(" · ") : null;
}
