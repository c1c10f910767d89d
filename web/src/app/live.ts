/** Which event makes which data stale. Each feature lists its own in `live.ts`; here they meet. */
import type { QueryClient } from "@tanstack/react-query";
import { campaignsLive } from "@/features/campaigns/live";
import { consentLive } from "@/features/consent/live";
import { contactsLive } from "@/features/contacts/live";
import { decisionsLive } from "@/features/decisions/live";
import { inboxLive } from "@/features/inbox/live";
import type { LiveEvent } from "@/lib/live";

export type LiveHandler = (event: LiveEvent, queries: QueryClient) => void;

/** By the start of the event's kind: `message.` takes `message.received` and all its like. */
export const handlers: Record<string, LiveHandler> = {
  "message.": inboxLive,
  "conversation.": inboxLive,
  "conversations.": inboxLive,
  "campaign.": (event, queries) => {
    campaignsLive(event, queries);
    inboxLive(event, queries);
  },
  "contact.": (event, queries) => {
    contactsLive(event, queries);
    consentLive(event, queries);
    inboxLive(event, queries);
  },
  "contacts.": contactsLive,
  "consent.": consentLive,
  "import.": contactsLive,
  "workspace.": (event, queries) => {
    void queries.invalidateQueries({ queryKey: ["me"] });
    decisionsLive(event, queries);
  },
  "team.": (_event, queries) => void queries.invalidateQueries({ queryKey: ["team"] }),
  "channel.": (event, queries) => {
    void queries.invalidateQueries({ queryKey: ["channels"] });
    inboxLive(event, queries);
  },
};

export function handle(event: LiveEvent, queries: QueryClient): void {
  for (const [prefix, handler] of Object.entries(handlers)) if (event.kind.startsWith(prefix)) handler(event, queries);
}
