import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

export type Capped = keyof Schema<"CapsOut">;
export const CAPPED = ["across", "promotion", "greeting", "feedback", "reminder", "appointment", "notice"] as const satisfies readonly Capped[];

/** At most so many messages to one person within so many days. */
export type Cap = Schema<"CapIO">;

export type Kind = Schema<"PrefersWord">;
export const STEP_KINDS = ["text", "call", "email", "chat"] as const satisfies readonly Kind[];
export type GoOn = Schema<"GoOn">;
export const GO_ON = ["always", "not_delivered", "not_answered", "not_confirmed", "unhappy"] as const satisfies readonly GoOn[];

/** `go_on`: when to take the next step; the last one has none. */
export type Step = Omit<Schema<"StepIO">, "kind" | "go_on"> & { kind: Kind; go_on: GoOn | null };

export type Plan = Omit<Schema<"PlanIO">, "steps"> & { steps: Step[] };

export type Purpose = keyof Schema<"PlansOut">;
export const PURPOSES = ["promotion", "greeting", "feedback", "reminder", "appointment", "notice", "support", "staff", "code", "urgent"] as const satisfies readonly Purpose[];

/** `messages` by language. */
export type StaffHours = Required<Schema<"StaffHoursIO">>;

export type Settings = Omit<Schema<"SettingsOut">, "plans" | "staff_hours"> & { plans: Record<Purpose, Plan>; staff_hours: StaffHours | null };

export type Policy = Settings & { defaults: Settings };

/** A rule that would hold. `law`: a law asks for it; otherwise we keep it unasked. */
export type HeldRule = Schema<"HeldRuleOut">;

/** `week`: open hours of the coming days; a day may have several spans, or none. */
export type PolicyPreview = Schema<"MeaningOut">;

export type Asked = Pick<Schema<"SomebodyIn">, "purpose"> & Partial<Schema<"SomebodyIn">>;

export const POLICY_KEY = ["policy"] as const;

export const fetchPolicy = (signal?: AbortSignal) => http.get<Policy>(`${API}/policy`, { signal });

export const savePolicy = (change: Partial<Settings>) => http.patch<Policy>(`${API}/policy`, change);

export const previewPolicy = (asked: Asked, signal?: AbortSignal) => http.post<PolicyPreview>(`${API}/policy/preview`, asked, { signal });
