import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** What somebody may do without asking for consent, and under which conditions. `rules`: what `relies_on` names, all of them together. */
export type Exemption = Schema<"ExemptionOut">;

export const EXEMPTIONS_KEY = ["policy", "exemptions"] as const;

export const fetchExemptions = async (signal?: AbortSignal) => (await http.get<{ items: Exemption[] }>(`${API}/policy/exemptions`, { signal })).items;
