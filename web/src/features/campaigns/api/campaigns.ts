import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Campaign, DryRunAnswer, Plan, Preview, Recipient } from "./types";

export const campaignKey = (id: string) => ["campaigns", "one", id] as const;

export const fetchCampaigns = (after: string | null, signal?: AbortSignal) => http.get<Page<Campaign>>(`${API}/campaigns`, { query: { limit: 25, after }, signal });

export const fetchCampaign = (id: string, signal?: AbortSignal) => http.get<Campaign>(`${API}/campaigns/${id}`, { signal });

export const createCampaign = (plan: Plan) => http.post<Campaign>(`${API}/campaigns`, plan);

export const changeCampaign = (id: string, plan: Plan) => http.patch<Campaign>(`${API}/campaigns/${id}`, plan);

export const deleteCampaign = (id: string) => http.delete<void>(`${API}/campaigns/${id}`);

/** Now, or at an instant. Starting twice sends once. */
export const startCampaign = (id: string, at: string | null) => http.post<Campaign>(`${API}/campaigns/${id}/start`, at === null ? {} : { at });

export const actOnCampaign = (id: string, act: "pause" | "resume" | "cancel") => http.post<Campaign>(`${API}/campaigns/${id}/${act}`);

/** What would happen: who gets it, what they read, and what is wrong with it. */
export const previewCampaign = ({ text, audience, purpose, channel_id }: Omit<Plan, "name" | "anchor">, signal?: AbortSignal) =>
  http.post<Preview>(`${API}/campaigns/preview`, { text, audience, purpose, channel_id }, { signal });

/** Counted by the rules that will decide; `at` null is now. */
export const dryRun = ({ at, ...plan }: Omit<Plan, "name"> & { at: string | null }, signal?: AbortSignal) =>
  http.post<DryRunAnswer>(`${API}/campaigns/dry-run`, at === null ? plan : { ...plan, at }, { signal });

export interface RecipientFilters {
  shown: string;
  search: string;
  /** A reason's code. */
  reason: string;
}

export const fetchRecipients = (id: string, filters: RecipientFilters, after: string | null, signal?: AbortSignal) =>
  http.get<Page<Recipient>>(`${API}/campaigns/${id}/recipients`, { query: { ...filters, limit: 50, after }, signal });
