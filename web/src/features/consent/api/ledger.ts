import { API, fetchFile, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** What a permission rests on, the strongest last. */
export const PERMISSIONS = ["legacy_unproven", "implied_inquiry", "implied_purchase", "soft_opt_in", "attested", "express", "express_written", "double_opt_in"] as const;
export type Permission = (typeof PERMISSIONS)[number];

export type Granted = Omit<Schema<"AllowedOut">, "kind"> & { kind: Permission };

/** `stopped`: `all`, or the purposes they stopped; `held`: a suspected opt-out waits for a person; null of `dnc_listed`: not known. */
export type Standing = Omit<Schema<"StandingOut">, "purposes"> & { purposes: Record<string, Granted | null> };

/** `kind`: a {@link Permission}, or stop, start, withdrawal, expiry, hold, release, erasure, retraction; what is personal is null after an erasure. */
export type Entry = Schema<"EntryOut">;

export type Consent = Omit<Schema<"ConsentOut">, "standing"> & { standing: Standing };

export const consentKey = (contact: string) => ["contacts", "one", contact, "consent"] as const;

export const fetchConsent = (contact: string, after: string | null, signal?: AbortSignal) => http.get<Consent>(`${API}/contacts/${contact}/consent`, { query: { after }, signal });

export type NewConsent = Pick<Schema<"ConsentIn">, "scope" | "shown" | "language" | "origin" | "note" | "at" | "expires_at"> & { kind: Permission };

export const recordConsent = (contact: string, consent: NewConsent) => http.post<unknown>(`${API}/contacts/${contact}/consent`, consent);

export const stopContact = (contact: string, note: string) => http.post<unknown>(`${API}/contacts/${contact}/stop`, { note });

/** Everything that proves it: consents, messages, and the check made before each. */
export const fetchEvidence = (contact: string, format: "json" | "pdf") => fetchFile(`${API}/contacts/${contact}/evidence`, { query: { format } });
