import { formatDateTime } from "@/lib/i18n";
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

/** Earliest first; those of one moment, clock and reason together. */
export function barsOf(later: DryRunAnswer["later"]): Bar[] {
  const bars = new Map<string, Bar>();
  const inOrder = later.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
  for (const { from, count, headline, local = "" } of inOrder) {
    const key = bars.size < MOST ? [from, local, headline.code].join(" ") : ([...bars.keys()].at(-1) ?? from);
    const known = bars.get(key);
    if (known) known.count += count;
    else bars.set(key, { key, at: formatDateTime(new Date(from)), local: local ?? "", count, headline: headline.message });
  }
  return [...bars.values()];
}
