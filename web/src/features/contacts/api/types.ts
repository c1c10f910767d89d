import type { Schema } from "@/lib/schema";

/** `stopped`: they told us to stop, nobody can text this address. */
export type Identity = Schema<"IdentityOut">;

export type Label = Schema<"LabelOut">;

export type ContactList = Schema<"ListOut">;

export type Prefers = Schema<"PrefersWord">;
export const PREFERS = ["text", "call", "email", "chat"] as const satisfies readonly Prefers[];

/** `country` as ISO 3166 writes it; empty: not known. `prefers`: null, nothing said. `own_cap`: advertising texts a week at most, by their own wish. */
export type Contact = Schema<"ContactOut">;

/** What a form sends; `labels` and `lists` are ids. Null takes an attribute away; those left out stay. */
export type ContactChange = Schema<"ContactChange">;

/** Rules of a segment, as the API stores them. */
export type Rule = { all: Rule[] } | { any: Rule[] } | Condition;

export interface Condition {
  field: string;
  op: Op;
  value?: string | number | null;
}

export const OPS = ["is", "is_not", "contains", "starts_with", "is_set", "is_not_set", "before", "after", "greater", "less"] as const;
export type Op = (typeof OPS)[number];

export type Segment = Omit<Schema<"SegmentOut">, "rule"> & { rule: Rule };

export type Field = Schema<"MergeFieldOut">;

export type ImportState = "uploaded" | "running" | "stopping" | "stopped" | "done" | "failed";

/** `date_order`: dmy, mdy or ymd where the column holds dates; `date_order_assumed`: no value decides between day and month. */
export type Column = Schema<"ColumnOut">;

export type Shape = Schema<"ShapeOut">;

export type PreviewRow = Schema<"PreviewRow">;

/** `consent`: where it came from; null: unproven. */
export type Import = Omit<Schema<"ImportOut">, "state"> & { state: ImportState };

export type ImportChange = Schema<"ImportChange">;

/** What people of a file can have given; without any of them it is unproven. */
export const IMPORT_CONSENTS = ["express_written", "express", "soft_opt_in", "implied_purchase", "implied_inquiry", "attested"] as const;

/** `shown`: the exact words they were shown; `note`: how it can be proved, or of a vouched one the reason; `at`: one moment for all that no column says. */
export type ImportConsentGiven = Schema<"ConsentClaim">;

export type ImportError = Schema<"ImportErrorOut">;
