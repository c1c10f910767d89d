import { API, http } from "@/lib/http";
import type { Value } from "./channels";

export interface Tested {
  ok: boolean;
  code: string;
  /** Why the carrier let us in or did not, in a person's words. */
  detail: string;
}

/** Connects and logs in at the carrier as the engine would, within ten seconds, without saving anything. */
export const testChannel = (what: { channel_id?: string; kind?: string; config?: Record<string, Value>; secrets: Record<string, string> }) =>
  http.post<Tested>(`${API}/channels/test`, what);
