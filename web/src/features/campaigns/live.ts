import type { QueryClient } from "@tanstack/react-query";
import { Gathering } from "@/lib/gathering";
import type { LiveEvent } from "@/lib/live";
import { campaignKey } from "./api/campaigns";

/** The server says it at most once a second per campaign; a slow answer is waited for before asking again. */
const PAUSE_MS = 200;

const waiting = new WeakMap<QueryClient, Gathering>();

function gatheringOf(queries: QueryClient): Gathering {
  const known = waiting.get(queries) ?? new Gathering(PAUSE_MS, (ids) => refresh(queries, ids));
  waiting.set(queries, known);
  return known;
}

async function refresh(queries: QueryClient, ids: readonly string[]): Promise<void> {
  const keys = [...ids.map(campaignKey), ["campaigns", "list"]];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}

export const campaignsLive = (event: LiveEvent, queries: QueryClient): void => gatheringOf(queries).add(event.subject_id);
