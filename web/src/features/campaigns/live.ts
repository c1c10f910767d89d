import type { QueryClient } from "@tanstack/react-query";
import type { LiveEvent } from "@/lib/live";
import { campaignKey } from "./api/campaigns";

/** `campaign.updated`: at most one a second per campaign. */
export function campaignsLive(event: LiveEvent, queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: campaignKey(event.subject_id) });
  void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
}
