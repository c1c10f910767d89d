import { formatDateTime, formatWall } from "@/lib/i18n";
import type { DryRunAnswer } from "../api/types";

/** So many bars at most; the rest of a long tail stands together at its first moment. */
const MOST = 12;

export interface Bar {
  key: string;
  /** By the reader's clock. */
  at: string;
  /** By the clocks of those people, where they have one in common. */
  local: string;
  count: number;
  headline: string;
}

const DAY_MS = 86_400_000;
/** The clocks ahead of UTC reach 14 hours, those behind it 12; of the hours that could be both, these are lived in by more people. */
const FURTHEST_AHEAD_MS = 13 * 3_600_000;

/** An instant and what the clocks there say then (`09:00`): their date and time, written as if it were UTC. */
export function wallTime(from: string, clock: string): Date {
  const at = Date.parse(from);
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const same = Math.floor(at / DAY_MS) * DAY_MS + (hours * 60 + minutes) * 60_000;
  const ahead = (((same - at) % DAY_MS) + DAY_MS) % DAY_MS;
  return new Date(at + (ahead > FURTHEST_AHEAD_MS ? ahead - DAY_MS : ahead));
}

/** Earliest first; those of one moment, clock and reason together. */
export function barsOf(later: DryRunAnswer["later"]): Bar[] {
  const bars = new Map<string, Bar>();
  const inOrder = later.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
  for (const { from, count, headline, local = "" } of inOrder) {
    const key = bars.size < MOST ? [from, local, headline.code].join(" ") : ([...bars.keys()].at(-1) ?? from);
    const known = bars.get(key);
    if (known) known.count += count;
    else bars.set(key, { key, at: formatDateTime(new Date(from)), local: local ? formatWall(wallTime(from, local)) : "", count, headline: headline.message });
  }
  return [...bars.values()];
}
