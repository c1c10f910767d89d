import { API, http } from "@/lib/http";
import type { Week } from "./packs";

export const CAPPED = ["across", "promotion", "greeting", "feedback", "reminder", "appointment", "notice"] as const;
export type Capped = (typeof CAPPED)[number];

/** At most so many messages to one person within so many days. */
export interface Cap {
  texts: number;
  days: number;
}

export const STEP_KINDS = ["text", "call", "email", "chat"] as const;
export type Kind = (typeof STEP_KINDS)[number];
export const GO_ON = ["always", "not_delivered", "not_answered", "not_confirmed", "unhappy"] as const;
export type GoOn = (typeof GO_ON)[number];

export interface Step {
  kind: Kind;
  wait_minutes: number;
  /** When to take the next step; the last one has none. */
  go_on: GoOn | null;
}

export interface Plan {
  steps: Step[];
  by_age: boolean;
  urgent: boolean;
}

export const PURPOSES = ["promotion", "greeting", "feedback", "reminder", "appointment", "notice", "support", "staff", "code", "urgent"] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface StaffHours {
  zone: string;
  week: Week;
  holidays: string[];
  /** By language. */
  messages: Record<string, string>;
}

export interface Settings {
  countries: string[];
  hours: { week: Week | null; margin_minutes: number };
  caps: Record<Capped, Cap[]>;
  plans: Record<Purpose, Plan>;
  staff_hours: StaffHours | null;
}

export interface Policy extends Settings {
  defaults: Settings;
}

/** A rule that would hold. `law`: a law asks for it; otherwise we keep it unasked. */
export interface HeldRule {
  id: string;
  jurisdiction: string;
  version: number;
  sentence: string;
  law: boolean;
}

export interface PolicyPreview {
  sentences: string[];
  places: string[];
  rules: HeldRule[];
  /** Open hours of the coming days; a day may have several spans, or none. */
  week: { date: string; opens: string; closes: string }[];
}

export interface Asked {
  purpose: Purpose;
  to?: string;
  country?: string;
  region?: string;
  zone?: string;
}

export const POLICY_KEY = ["policy"] as const;

export const fetchPolicy = (signal?: AbortSignal) => http.get<Policy>(`${API}/policy`, { signal });

export const savePolicy = (change: Partial<Settings>) => http.patch<Policy>(`${API}/policy`, change);

export const previewPolicy = (asked: Asked, signal?: AbortSignal) => http.post<PolicyPreview>(`${API}/policy/preview`, asked, { signal });
