import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

export type Confidence = Schema<"Confidence">;

/** `within`: the country this is a part of; `checked`: the day on which the source looked at longest ago was looked at. */
export type Pack = Schema<"PackOut">;

export type Source = Schema<"SourceOut">;

/** Spans of a day as `09:00-21:00`; an empty list is a closed day. */
export type Week = Schema<"WeekIO">;
export type Weekday = keyof Week;
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const satisfies readonly Weekday[];

/** `law`: those of the classes that a law binds; `permits`: of consent, the kinds of permission that are enough. */
export type Rule = Omit<Required<Schema<"RuleOut">>, "kind"> & { kind: "hours" | "content" | "consent" | "limit" };

/** `versions`: newest first. */
export type PackDetail = Omit<Schema<"PackDetailOut">, "rules"> & { rules: Rule[] };

export const fetchPacks = async (signal?: AbortSignal) => (await http.get<{ items: Pack[] }>(`${API}/rule-packs`, { signal })).items;

export const fetchPack = (jurisdiction: string, version: number | null, signal?: AbortSignal) =>
  http.get<PackDetail>(`${API}/rule-packs/${jurisdiction}`, { query: { version }, signal });

export const packKey = (jurisdiction: string, version: number | null) => ["rule-packs", jurisdiction, version] as const;
