/** A contact as a form holds it, and what of it goes to the server. */
import type { Contact, ContactChange, Prefers } from "../api/types";

export interface ContactForm {
  first_name: string;
  last_name: string;
  /** Numbers as typed; the server reads them with the workspace's country. */
  numbers: { key: string; text: string; stopped: boolean }[];
  language: string;
  time_zone: string;
  birthday: string;
  country: string;
  region: string;
  prefers: Prefers | "";
  own_cap: number | "";
  attributes: { key: string; name: string; value: string }[];
  labels: string[];
  lists: string[];
  blocked: boolean;
  [more: string]: unknown;
}

const newKey = (): string => crypto.randomUUID();

export const newNumber = (text = "") => ({ key: newKey(), text, stopped: false });
export const newAttribute = (name = "", value = "") => ({ key: newKey(), name, value });

export const EMPTY = (): ContactForm => ({ first_name: "", last_name: "", numbers: [newNumber()], language: "", time_zone: "", birthday: "", country: "", region: "", prefers: "", own_cap: "", attributes: [], labels: [], lists: [], blocked: false });

export const formOf = (contact: Contact): ContactForm => ({
  first_name: contact.first_name,
  last_name: contact.last_name,
  numbers: contact.identities.map(({ id, scheme, address, urn, stopped }) => ({ key: id, text: scheme === "tel" ? address : urn, stopped })),
  language: contact.language,
  time_zone: contact.time_zone,
  birthday: contact.birthday ?? "",
  country: contact.country,
  region: contact.region,
  prefers: contact.prefers ?? "",
  own_cap: contact.own_cap ?? "",
  attributes: Object.entries(contact.attributes).map(([name, value]) => newAttribute(name, value)),
  labels: contact.labels.map(({ id }) => id),
  lists: contact.lists.map(({ id }) => id),
  blocked: contact.blocked,
});

const urnOf = (text: string): string => (/^[a-z]+:/.test(text.trim()) ? text.trim() : `tel:${text.trim()}`);

/** `known` are the attributes the contact has: those gone from the form are taken away. */
export const changeOf = (form: ContactForm, known: Readonly<Record<string, string>> = {}): ContactChange => ({
  first_name: form.first_name.trim(),
  last_name: form.last_name.trim(),
  identities: form.numbers.filter(({ text }) => text.trim() !== "").map(({ text }) => ({ urn: urnOf(text) })),
  language: form.language,
  time_zone: form.time_zone,
  birthday: form.birthday || null,
  country: form.country,
  region: form.region.trim(),
  prefers: form.prefers || null,
  own_cap: form.own_cap === "" ? null : form.own_cap,
  attributes: {
    ...Object.fromEntries(Object.keys(known).map((name) => [name, null])),
    ...Object.fromEntries(form.attributes.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value.trim()])),
  },
  labels: form.labels,
  lists: form.lists,
  blocked: form.blocked,
});
