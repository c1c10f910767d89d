import type { Measured, Shown } from "@/components/ui";

export type ConversationStatus = "open" | "pending" | "snoozed" | "closed";

export interface Conversation {
  id: string;
  inbox_id: string;
  contact: { id: string; name: string; address: string | null; stopped: boolean };
  status: ConversationStatus;
  assignee: { id: string; name: string } | null;
  unread: number;
  last_message: { id: string; direction: Direction; text: string; status: string; shown: Shown; at: string } | null;
  last_at: string;
  version: number;
}

export type Direction = "in" | "out";

export interface Reason {
  code: string;
  /** A sentence in the reader's language. */
  message: string;
}

export interface Message {
  id: string;
  direction: Direction;
  address: string;
  contact_id: string;
  conversation_id: string | null;
  campaign_id: string | null;
  channel_id: string | null;
  purpose: string;
  text: string;
  status: string;
  shown: Shown;
  reason: Reason | null;
  segments: number;
  encoding: string;
  flags: readonly string[];
  author_id: string | null;
  created_at: string;
  status_at: string;
}

export interface Composer {
  can_send: boolean;
  reason: Reason | null;
  channel: { id: string; name: string; address: string } | null;
  /** True while texts go to the fake phones and not to real ones. */
  expects_simulator: boolean;
}

/** A text as it would arrive, measured, with the merge fields that have no value here or do not exist. */
export interface TextPreview extends Measured {
  text: string;
  missing: readonly string[];
  unknown: readonly string[];
}

export interface Inbox {
  id: string;
  name: string;
  channels: readonly string[];
  unread: number;
}

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
}

/** Someone found for a new message. */
export interface Found {
  id: string;
  name: string;
  address: string;
}
