import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Schema } from "@/lib/schema";

/** A page where people join by themselves, and a word they may text for it. */
export type JoinForm = Schema<"FormOut">;
/** By language: what is sent and how often, and the words beside the box. */
export type FormTexts = JoinForm["texts"];
export type Chain = Schema<"ChainOut">;

interface NewForm {
  name: string;
  texts: FormTexts;
  keyword: string;
}

export const FORMS_KEY = ["consent", "forms"] as const;

export const fetchForms = async (signal?: AbortSignal) => (await http.get<{ items: JoinForm[] }>(`${API}/consent/forms`, { query: { limit: 100 }, signal })).items;

export const createForm = (form: NewForm) => http.post<JoinForm>(`${API}/consent/forms`, form);

export const changeForm = (id: string, change: Partial<NewForm> & { enabled?: boolean }) => http.patch<JoinForm>(`${API}/consent/forms/${id}`, change);

export const fetchChain = (signal?: AbortSignal) => http.get<Chain>(`${API}/consent/chain`, { signal });

/** A list, or a file that was imported: whose people somebody may answer for. */
export type Group = Schema<"GroupOut">;

export const fetchGroups = (search: string, after: string | null, signal?: AbortSignal) => http.get<Page<Group>>(`${API}/consent/attest/groups`, { query: { search, after, limit: 30 }, signal });

export type Attestation = Schema<"AttestationOut">;

/** Whom it is about: a list, whom an import brought, or (neither) everybody without proof. */
export interface Whom {
  list_id?: string;
  import_id?: string;
}

/** An admin answers, with a reason, for those without proof. */
export const attest = (whom: Whom, reason: string) => http.post<Schema<"AttestOut">>(`${API}/consent/attest`, { ...whom, reason });

export const ATTESTATIONS_KEY = ["consent", "attestations"] as const;

export const fetchAttestations = async (signal?: AbortSignal) => (await http.get<{ items: Attestation[] }>(`${API}/consent/attestations`, { query: { limit: 20 }, signal })).items;

export const undoAttestation = (id: string) => http.post<unknown>(`${API}/consent/attestations/${id}/undo`);
