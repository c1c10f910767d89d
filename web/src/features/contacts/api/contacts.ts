import { API, fetchFile, http, type Query } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Contact, ContactChange, Field } from "./types";

export interface ContactFilters {
  search?: string | undefined;
  list?: string | undefined;
  segment?: string | undefined;
  label?: string | undefined;
  stopped?: true | undefined;
  blocked?: true | undefined;
}

const asQuery = ({ search, list, segment, label, stopped, blocked }: ContactFilters): Query => ({ search, list, segment, label, stopped, blocked });

export const fetchContacts = (filters: ContactFilters, after: string | null, signal?: AbortSignal) =>
  http.get<Page<Contact>>(`${API}/contacts`, { query: { ...asQuery(filters), limit: 50, after }, signal });

export const fetchContact = (id: string, signal?: AbortSignal) => http.get<Contact>(`${API}/contacts/${id}`, { signal });

export const createContact = (contact: ContactChange) => http.post<Contact>(`${API}/contacts`, contact);

export const changeContact = (id: string, change: ContactChange) => http.patch<Contact>(`${API}/contacts/${id}`, change);

export const deleteContact = (id: string) => http.delete<void>(`${API}/contacts/${id}`);

/** `other` becomes part of `id`; what comes back names the undo. */
export const joinContacts = (id: string, other: string) => http.post<{ joining_id: string; contact: Contact }>(`${API}/contacts/${id}/join`, { other_id: other });

export const partContacts = (joining: string) => http.post<Contact>(`${API}/contacts/joinings/${joining}/undo`);

/** Records that the person asked, by another way than a text, to get none. */
export const stopContact = (id: string, note: string) => http.post<{ stopped: boolean; changed: boolean }>(`${API}/contacts/${id}/stop`, { note });

export const fetchFields = async (signal?: AbortSignal) => (await http.get<{ items: Field[] }>(`${API}/contacts/fields`, { signal })).items;

/** Those chosen by hand, or all that a filter finds. */
export type Chosen = { ids: string[] } | { filter: ContactFilters };

export interface BulkChange {
  add_labels?: string[];
  remove_labels?: string[];
  add_lists?: string[];
  remove_lists?: string[];
}

export const changeMany = (chosen: Chosen, change: BulkChange) => http.post<{ changed: number }>(`${API}/contacts/bulk`, { ...chosen, ...change });

/** A spreadsheet of all that a filter finds. */
export const exportContacts = (format: "csv" | "xlsx", filters: ContactFilters) => fetchFile(`${API}/contacts/export`, { query: { format, ...asQuery(filters) } });
