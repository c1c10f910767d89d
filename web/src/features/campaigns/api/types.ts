import type { Measured, Shown } from "@/components/ui";

export type CampaignState = "draft" | "scheduled" | "preparing" | "running" | "paused" | "cancelled" | "done";

export interface Audience {
  everyone: boolean;
  lists: string[];
  segments: string[];
  contacts: string[];
}

export const COUNTED = ["waiting", "sent", "delivered", "read", "not_delivered", "not_sent"] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Record<Counted, number>;

export interface Campaign {
  id: string;
  name: string;
  purpose: string;
  channel_id: string | null;
  audience: Audience;
  text: string;
  state: CampaignState;
  scheduled_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  recipients: number;
  counts: Counts;
  reasons: { code: string; message: string; count: number }[];
  segments: number;
  /** What keeps it from going on. */
  problem: { code: string; message: string } | null;
  created_at: string;
  version: number;
}

/** What a person decides of a campaign. */
export interface Plan {
  name: string;
  purpose: string;
  channel_id: string | null;
  audience: Audience;
  text: string;
}

export interface Preview extends Measured {
  /** Contacts with a number, stopped and blocked ones included. */
  recipients: number;
  stopped: number;
  blocked: number;
  no_number?: number;
  /** Scaled up from a part of a very large audience. */
  estimated?: boolean;
  missing: { field: string; contacts: number }[];
  unknown: string[];
  samples: Sample[];
  findings: Finding[];
}

/** What a rule of the audience's places says against the text. */
export interface Finding {
  rule: string;
  version: number;
  effect: "warn" | "attest" | "block";
  message: string;
  about: string[];
  /** The text without this finding, where it can be made. */
  fix: { text: string; sender: string } | null;
}

/** What would become of everybody. */
export interface DryRunAnswer {
  at: string;
  total: number;
  now: number;
  /** `local`: the time on their clocks, where it is one for all of them. */
  later: { from: string; count: number; headline: { code: string; message: string }; local?: string | null }[];
  not: { code: string; message: string; count: number }[];
  /** Of all texts that would leave. */
  segments: number;
  /** All of it in one sentence. */
  sentence: string;
  seconds: number;
}

export interface Sample {
  contact: { id: string; name: string; address: string };
  text: string;
  segments: number;
  encoding: string;
}

export interface Recipient {
  id: string;
  contact: { id: string; name: string };
  address: string;
  status: string;
  shown: Shown;
  reason: { code: string; message: string } | null;
  /** While it waits: not before. */
  until?: string | null;
  message_id?: string | null;
  status_at: string | null;
}

export interface Field {
  key: string;
  name: string;
  kind: string;
  example: string | null;
}

export interface Group {
  id: string;
  name: string;
  /** Unknown for segments, which are counted when asked. */
  contacts?: number;
}

export interface Channel {
  id: string;
  name: string;
  kind: string;
  address: string;
  enabled: boolean;
}
