/** Counts shown at the places of the navigation, by path. Features offer the hooks; here they meet. */
export const useBadges = (): Partial<Record<string, number>> => ({});
