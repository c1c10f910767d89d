/** Open hours as minutes of a day, for the picture of a week. */
import { WEEKDAYS, type Week, type Weekday } from "../api/packs";

export const DAY = 24 * 60;

export interface Span {
  opens: number;
  closes: number;
}

export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

export const clockOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export const spanOf = (written: string): Span => {
  const [opens = "00:00", closes = "24:00"] = written.split("-");
  return { opens: minutesOf(opens), closes: minutesOf(closes) };
};

export const written = ({ opens, closes }: Span): string => `${clockOf(opens)}-${clockOf(closes)}`;

export const spansOf = (day: readonly string[]): Span[] => day.map(spanOf);

export const everyDay = (spans: readonly string[]): Week => Object.fromEntries(WEEKDAYS.map((day) => [day, [...spans]])) as unknown as Week;

export const officeWeek = (): Week => ({ ...everyDay(["09:00-18:00"]), sat: [], sun: [] });

/** The day with its first span replaced; null closes it. */
export const withDay = (week: Week, day: Weekday, span: Span | null): Week => ({ ...week, [day]: span ? [written(span)] : [] });

/** True when two weeks open at the same times. */
export const sameWeek = (one: Week | null, other: Week | null): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Days of equal hours in a row, Monday first: `[["mon","fri"], ["09:00-18:00"]]`. */
export function runs(week: Week): { first: Weekday; last: Weekday; spans: readonly string[] }[] {
  const found: { first: Weekday; last: Weekday; spans: readonly string[] }[] = [];
  for (const day of WEEKDAYS) {
    const last = found.at(-1);
    if (last && last.spans.join() === week[day].join()) last.last = day;
    else found.push({ first: day, last: day, spans: week[day] });
  }
  return found;
}
