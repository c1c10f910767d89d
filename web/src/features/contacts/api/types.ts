import type { Schema } from "@/lib/schema";

export interface Identity {
  id: string;
  scheme: string;
  address: string;
  urn: string;
  /** They told us to stop: nobody can text this address. */
  stopped: boolean;
}

export interface Label {
  id: string;
  name: string;
  color: string;
  contacts: number;
}

export interface ContactList {
  id: string;
  name: string;
  contacts: number;
  created_at: string;
}

export const PREFERS = ["text", "call", "email", "chat"] as const satisfies readonly Schema<"PrefersWord">[];
export type Prefers = (typeof PREFERS)[number];

export interface Contact {
  id: string;
  first_name: string;
  last_name: string;
  name: string;
  language: string;
  time_zone: string;
  birthday: string | null;
  attributes: Record<string, string>;
  /** Where they live, as ISO 3166 writes it; empty: not known. */
  country: string;
  region: string;
  /** How they asked to be reached; null: nothing said. */
  prefers: Prefers | null;
  /** Advertising texts a week at most, by their own wish. */
  own_cap: number | null;
  blocked: boolean;
  identities: Identity[];
  labels: Pick<Label, "id" | "name" | "color">[];
  lists: { id: string; name: string }[];
  created_at: string;
  updated_at: string;
}

/** What a form sends; `labels` and `lists` are ids. */
export interface ContactChange {
  first_name?: string;
  last_name?: string;
  language?: string;
  time_zone?: string;
  birthday?: string | null;
  /** Null takes an attribute away; those left out stay. */
  attributes?: Record<string, string | null>;
  country?: string;
  region?: string;
  prefers?: Prefers | null;
  own_cap?: number | null;
  blocked?: boolean;
  identities?: { urn: string }[];
  labels?: string[];
  lists?: string[];
}

/** Rules of a segment, as the API stores them. */
export type Rule = { all: Rule[] } | { any: Rule[] } | Condition;

export interface Condition {
  field: string;
  op: Op;
  value?: string | number | null;
}

export const OPS = ["is", "is_not", "contains", "starts_with", "is_set", "is_not_set", "before", "after", "greater", "less"] as const;
export type Op = (typeof OPS)[number];

export interface Segment {
  id: string;
  name: string;
  rule: Rule;
  created_at: string;
}

export interface Field {
  key: string;
  name: string;
  kind: string;
  example: string | null;
}

export type ImportState = "uploaded" | "running" | "stopping" | "stopped" | "done" | "failed";

export interface Column {
  index: number;
  name: string;
  samples: string[];
  /** dmy, mdy or ymd where the column holds dates. */
  date_order?: string;
  /** No value decides between day and month. */
  date_order_assumed?: boolean;
}

export interface Shape {
  encoding: string;
  delimiter: string;
  sheet: string | null;
  sheets: string[];
  has_header: boolean;
  columns: Column[];
}

export interface PreviewRow {
  row: number;
  cells: string[];
  result?: Record<string, unknown> | null;
  error?: { column: string; code: string; message: string } | null;
}

export interface Import {
  id: string;
  file_name: string;
  state: ImportState;
  shape: Shape;
  mapping: Record<string, string>;
  country: string;
  list: { id: string; name: string } | null;
  rows_total: number | null;
  rows_done: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  problem: string;
  /** Where the consent came from; null: unproven. */
  consent?: ImportConsentGiven | null;
  preview: PreviewRow[];
  created_at: string;
}

export interface ImportChange {
  mapping?: Record<string, string>;
  shape?: Partial<Pick<Shape, "encoding" | "delimiter" | "sheet" | "has_header">> & { date_orders?: Record<string, string> };
  country?: string;
  list_id?: string | null;
  new_list?: string;
  consent?: ImportConsentGiven | null;
}

/** What people of a file can have given; without any of them it is unproven. */
export const IMPORT_CONSENTS = ["express_written", "express", "soft_opt_in", "implied_purchase", "implied_inquiry", "attested"] as const;

export interface ImportConsentGiven {
  kind: (typeof IMPORT_CONSENTS)[number] | "legacy_unproven";
  scope: string;
  /** The exact words they were shown. */
  shown: string;
  language: string;
  /** Where it comes from and how it can be proved; of a vouched one, the reason. */
  note: string;
  /** When they agreed, where it was one moment for all and no column says it. */
  at: string | null;
}

export interface ImportError {
  row: number;
  column: string;
  code: string;
  message: string;
  cells: string[];
}
