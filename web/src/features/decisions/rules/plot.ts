import { minutesOf, type Span } from "./week";

/** Open times as the server lists them, gathered by day; each day of the range is there, also a closed one. */
export function daysOf(week: readonly { date: string; opens: string; closes: string }[]): { date: string; spans: Span[] }[] {
  const first = week[0]?.date;
  const last = week.at(-1)?.date;
  if (!first || !last) return [];
  const days: { date: string; spans: Span[] }[] = [];
  for (let at = Date.parse(first); at <= Math.max(Date.parse(last), Date.parse(first) + 6 * 86_400_000); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    days.push({ date, spans: week.filter((one) => one.date === date).map(({ opens, closes }) => ({ opens: minutesOf(opens), closes: closes === "00:00" ? 24 * 60 : minutesOf(closes) })) });
  }
  return days;
}
