import type { Schema } from "@/lib/schema";

export type CampaignState = Schema<"State">;

/** What the server takes with parts left out, it answers whole. */
export type Audience = Required<Schema<"AudienceIO">>;

export type Counted = Schema<"ShownWord">;
export const COUNTED = ["waiting", "sent", "delivered", "read", "not_delivered", "not_sent"] as const satisfies readonly Counted[];
export type Counts = Schema<"CountsOut">;

export type Campaign = Omit<Schema<"CampaignOut">, "audience"> & { audience: Audience };

/** Why some of the recipients did not get it, or wait, with their number. */
export type ReasonCount = Schema<"ReasonCountOut">;

/** What a person decides of a campaign. */
export type Plan = Pick<Campaign, "name" | "purpose" | "channel_id" | "audience" | "text" | "anchor">;

/** `recipients`: contacts with a number, stopped and blocked ones included; `estimated`: scaled up from a part of a very large audience. */
export type Preview = Schema<"CampaignPreviewOut">;

/** What a rule of the audience's places says against the text; `fix`: the text without it, where it can be made. */
export type Finding = Schema<"FindingOut">;

/** What would become of everybody. */
export type DryRunAnswer = Schema<"DryRunOut">;

export type Sample = Schema<"SampleOut">;

export type Recipient = Omit<Schema<"RecipientOut">, "shown"> & { shown: Counted };

export type Field = Schema<"MergeFieldOut">;

/** A list, or a segment, whose number is unknown until it is counted. */
export type Group = Pick<Schema<"ListOut">, "id" | "name"> & Partial<Pick<Schema<"ListOut">, "contacts">>;

export type Channel = Pick<Schema<"ChannelOut">, "id" | "name" | "kind" | "address" | "enabled">;
