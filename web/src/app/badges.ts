/** Counts shown at the places of the navigation, by path. Features offer the hooks; here they meet. */
import { useSuspectCount } from "@/features/consent/hooks/useSuspects";
import { useUnreadTotal } from "@/features/inbox/hooks/useConversations";

export const useBadges = (): Partial<Record<string, number>> => ({ "/inbox": useUnreadTotal(), "/review": useSuspectCount() });
