import type { Audience, Campaign, Plan, Preview } from "../api/types";

export const NOBODY: Audience = { everyone: false, lists: [], segments: [], contacts: [] };

export const emptyPlan = (list?: string): Plan => ({ name: "", purpose: "promotion", channel_id: null, audience: { ...NOBODY, lists: list ? [list] : [] }, text: "", anchor: null });

export const planOf = ({ name, purpose, channel_id, audience, text, anchor }: Campaign): Plan => ({ name, purpose, channel_id, audience: { ...NOBODY, ...audience }, text, anchor });

export const hasAudience = ({ everyone, lists, segments, contacts }: Audience): boolean => everyone || lists.length + segments.length + contacts.length > 0;

export const isReady = (plan: Plan): boolean => plan.name.trim() !== "" && plan.text.trim() !== "" && hasAudience(plan.audience);

/** How many will get it: those who stopped, or whom we block, will not. */
export const reachOf = ({ recipients, stopped, blocked }: Preview): number => Math.max(0, recipients - stopped - blocked);
