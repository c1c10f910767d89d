import type { Shown } from "@/components/ui";
import type { Schema } from "@/lib/schema";

export type ConversationStatus = Schema<"StatusWord">;

export type Direction = "in" | "out";

type LastMessage = Omit<Schema<"LastMessageOut">, "direction" | "shown"> & { direction: Direction; shown: Shown };

export type Conversation = Omit<Schema<"ConversationOut">, "status" | "last_message"> & { status: ConversationStatus; last_message: LastMessage | null };

/** A code, and a sentence in the reader's language. */
export type Reason = Pick<Schema<"ReasonOut">, "code" | "message">;

export type Message = Omit<Schema<"MessageOut">, "direction" | "shown" | "reason"> & { direction: Direction; shown: Shown; reason: Reason | null };

/** `expects_simulator`: texts go to the fake phones and not to real ones. */
export type Composer = Omit<Schema<"ComposerOut">, "reason"> & { reason: Reason | null };

/** A text as it would arrive, measured, with the merge fields that have no value here or do not exist. */
export type TextPreview = Schema<"PreviewOut">;

export type Inbox = Schema<"InboxOut">;

export type Member = Pick<Schema<"MemberOut">, "id" | "user_id" | "name" | "email">;

/** Someone found for a new message. */
export type Found = Schema<"SampleContactOut">;
