import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** `detail` says in a person's words why the carrier let us in or did not. */
export type Tested = Schema<"ChannelTestOut">;

/** Connects and logs in at the carrier as the engine would, within ten seconds, without saving anything. */
export const testChannel = (what: Schema<"ChannelTestIn">) =>
  http.post<Tested>(`${API}/channels/test`, what);
