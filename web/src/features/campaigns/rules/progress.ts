import type { Campaign, Counts } from "../api/types";

const sum = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** How far a campaign is, 0 to 1: everything that no longer waits. */
export function progressOf({ recipients, counts }: Pick<Campaign, "recipients" | "counts">): number {
  const total = Math.max(recipients, sum(counts));
  return total === 0 ? 0 : (total - counts.waiting - unknown(recipients, counts)) / total;
}

/** Recipients that have no message yet count as waiting. */
const unknown = (recipients: number, counts: Counts): number => Math.max(0, recipients - sum(counts));

export const waitingOf = ({ recipients, counts }: Pick<Campaign, "recipients" | "counts">): number => counts.waiting + unknown(recipients, counts);

export const isUnderWay = (state: Campaign["state"]): boolean => state === "preparing" || state === "running" || state === "scheduled" || state === "paused";
