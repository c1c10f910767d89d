import type { UseQueryResult } from "@tanstack/react-query";
import type { CursorPages } from "@/lib/paging";

/** A short list that comes whole, for a table that expects pages. */
export const asPages = <T>(query: UseQueryResult<readonly T[]>): CursorPages<T> => ({
  items: query.data ?? [],
  total: null,
  number: 1,
  isLoading: query.isPending,
  isRefreshing: false,
  error: query.error,
  retry: () => void query.refetch(),
  next: null,
  previous: null,
});
