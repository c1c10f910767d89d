import type { QueryClient } from "@tanstack/react-query";
import { POLICY_KEY } from "./api/policy";

/** `workspace.updated`: somebody may have changed the settings. */
export function decisionsLive(_event: unknown, queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: POLICY_KEY });
  void queries.invalidateQueries({ queryKey: ["policy-preview"] });
}
