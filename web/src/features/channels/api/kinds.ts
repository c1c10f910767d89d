import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** One field of the form; its words are the reader's. */
export type Field = Schema<"FieldOut">;

/** What one kind of channel asks. */
export type Kind = Schema<"KindOut">;

/** The words are the reader's, so the language is part of the key. */
export const kindsKey = (language: string) => ["channel-kinds", language] as const;

export const fetchKinds = async (signal?: AbortSignal) => (await http.get<{ items: Kind[] }>(`${API}/channels/kinds`, { signal })).items;
