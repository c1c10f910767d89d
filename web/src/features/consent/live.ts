import type { QueryClient } from "@tanstack/react-query";
import { Gathering } from "@/lib/gathering";
import { SUSPECTS_KEY } from "./api/suspects";

/** Campaigns' answers change many contacts in a moment: the queue is fetched at most this often. */
const PAUSE_MS = 1000;

const queues = new WeakMap<QueryClient, Gathering>();

/** `contact.updated`: advertising to somebody may be held now, or no longer. `consent.suspected`: somebody wrote a doubtful text, perhaps once more. */
export function consentLive(_event: unknown, queries: QueryClient): void {
  const known = queues.get(queries) ?? new Gathering(PAUSE_MS, () => queries.invalidateQueries({ queryKey: SUSPECTS_KEY }));
  queues.set(queries, known);
  known.add("");
}
