import { useQuery } from "@tanstack/react-query";
import { fetchSuspects, SUSPECTS_KEY } from "../api/suspects";

export const useSuspects = () => useQuery({ queryKey: SUSPECTS_KEY, queryFn: ({ signal }) => fetchSuspects(signal) });

/** For the badge at the navigation. */
export const useSuspectCount = (): number => useSuspects().data?.total ?? 0;
