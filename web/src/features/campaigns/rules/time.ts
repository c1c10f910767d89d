/** Wall-clock times of a time zone, as a date-time field holds them (`2026-11-22T09:30`), and instants. */

/** What the clock on the wall shows in that zone, read as if it were UTC. */
function wallClock(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

/**
 * The instant of a wall-clock time in a zone. A time that the clock skips in spring is moved on by the skipped hour;
 * of one that comes twice in autumn, the first is meant. Null for what is no date and time.
 */
export function instantOf(local: string, timeZone: string): Date | null {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  // The offset a day before and a day after: around a change of the clock they differ.
  const offsets = [-1, 1].map((day) => offsetAt(wanted + day * 86_400_000, timeZone));
  const fitting = offsets.map((offset) => wanted - offset).filter((instant) => wallClock(new Date(instant), timeZone) === wanted);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : wanted - (offsets[0] ?? 0));
}

const offsetAt = (instant: number, timeZone: string): number => wallClock(new Date(instant), timeZone) - Math.floor(instant / 1000) * 1000;

/** `2026-11-22T09:30`: an instant as a field for that zone shows it. */
export const localOf = (instant: Date, timeZone: string): string => new Date(wallClock(instant, timeZone)).toISOString().slice(0, 16);
