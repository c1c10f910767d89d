import { API, http } from "@/lib/http";
import type { Found, Member } from "./types";

export const fetchMembers = async ({ signal }: { signal: AbortSignal }) => (await http.get<{ members: Member[] }>(`${API}/team`, { signal })).members;

interface ContactAnswer {
  id: string;
  first_name: string;
  last_name: string;
  identities: { address: string }[];
}

/** Contacts whose name or number fits what was typed. */
export async function findPeople(search: string, signal?: AbortSignal): Promise<Found[]> {
  const { items } = await http.get<{ items: ContactAnswer[] }>(`${API}/contacts`, { query: { search, limit: 8 }, signal });
  return items.map((contact) => ({
    id: contact.id,
    name: [contact.first_name, contact.last_name].filter(Boolean).join(" "),
    address: contact.identities[0]?.address ?? "",
  }));
}

export const fetchCampaignName = (id: string, signal?: AbortSignal) => http.get<{ id: string; name: string }>(`${API}/campaigns/${id}`, { signal });
