import { API, http } from "@/lib/http";

export type Confidence = "primary" | "secondary" | "uncertain";

export interface Pack {
  jurisdiction: string;
  name: string;
  /** The country this is a part of. */
  within: string | null;
  version: number;
  rules: number;
  /** The day on which the source looked at longest ago was looked at. */
  checked: string;
  confidence: Confidence;
}

export interface Source {
  name: string;
  url: string | null;
  checked: string;
  confidence: Confidence;
}

/** Spans of a day as `09:00-21:00`; an empty list is a closed day. */
export type Week = Record<Weekday, readonly string[]>;
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface Rule {
  id: string;
  kind: "hours" | "content" | "consent" | "limit";
  reference: string;
  sentence: string;
  classes: readonly string[];
  /** Those of the classes that a law binds. */
  law: readonly string[];
  kinds: readonly string[];
  week: Week | null;
  on_holidays: readonly string[] | null;
  margin_minutes: number | null;
  effect: "warn" | "attest" | "block" | null;
  /** Of consent: the kinds of permission that are enough. */
  permits: readonly string[];
  sources: readonly Source[];
}

export interface PackDetail extends Omit<Pack, "rules"> {
  regions_differ: boolean;
  rules: readonly Rule[];
  holidays: readonly { name: string; date: string }[];
  /** Newest first. */
  versions: readonly number[];
}

export const fetchPacks = async (signal?: AbortSignal) => (await http.get<{ items: Pack[] }>(`${API}/rule-packs`, { signal })).items;

export const fetchPack = (jurisdiction: string, version: number | null, signal?: AbortSignal) =>
  http.get<PackDetail>(`${API}/rule-packs/${jurisdiction}`, { query: { version }, signal });

export const packKey = (jurisdiction: string, version: number | null) => ["rule-packs", jurisdiction, version] as const;
