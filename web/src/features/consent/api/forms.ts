import { API, http } from "@/lib/http";
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

/** Lists whose people somebody may answer for. */
export const fetchListNames = async (signal?: AbortSignal) => (await http.get<{ items: { id: string; name: string }[] }>(`${API}/lists`, { query: { limit: 100 }, signal })).items;

/** An admin answers, with a reason, for those without proof; null: everybody. */
export const attest = (list: string | null, reason: string) => http.post<Schema<"AttestOut">>(`${API}/consent/attest`, { list_id: list, reason });
