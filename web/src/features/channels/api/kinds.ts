import { API, http } from "@/lib/http";
import type { Value } from "./channels";

export interface Field {
  name: string;
  type: "text" | "number" | "choice" | "switch" | "secret";
  /** In the reader's language, as is `help`. */
  label: string;
  help: string;
  default: Value;
  required: boolean;
  /** Folded away: most carriers do not need it. */
  advanced: boolean;
  least: number | null;
  /** Of a number; of a text, its length. */
  most: number | null;
  choices: { value: string; label: string }[];
}

/** What one kind of channel asks. */
export interface Kind {
  kind: string;
  label: string;
  help: string;
  fields: Field[];
  rate: number;
  window: number;
}

/** The words are the reader's, so the language is part of the key. */
export const kindsKey = (language: string) => ["channel-kinds", language] as const;

export const fetchKinds = async (signal?: AbortSignal) => (await http.get<{ items: Kind[] }>(`${API}/channels/kinds`, { signal })).items;
