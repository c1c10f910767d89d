import { API, http } from "@/lib/http";
import type { Shown } from "@/components/ui";

interface Sent {
  id: string;
  campaign_id: string | null;
  shown: Shown;
  created_at: string;
}

/** A campaign's text to one contact. */
export interface Received {
  campaign: string;
  name: string;
  shown: Shown;
  at: string;
}

/** So many campaigns at most are named in the panel. */
const MOST = 5;

/** The latest campaigns a contact was texted by. */
export async function fetchCampaignsOf(contact: string, signal?: AbortSignal): Promise<Received[]> {
  const { items } = await http.get<{ items: Sent[] }>(`${API}/messages`, { query: { contact_id: contact, limit: 100 }, signal });
  const latest = new Map<string, Sent>();
  for (const message of items) if (message.campaign_id !== null && !latest.has(message.campaign_id)) latest.set(message.campaign_id, message);
  const some = [...latest].slice(0, MOST);
  return Promise.all(some.map(async ([campaign, { shown, created_at }]) => ({ campaign, shown, at: created_at, name: await nameOf(campaign, signal) })));
}

const nameOf = async (campaign: string, signal?: AbortSignal): Promise<string> => (await http.get<{ name: string }>(`${API}/campaigns/${campaign}`, { signal })).name;
