/** Cursor pages: one page at a time on screen and in memory, however long the list is. */
import { keepPreviousData, useQuery, type QueryKey } from "@tanstack/react-query";
import { useState } from "react";

/** What every list of the API answers. */
export interface Page<T> {
  items: T[];
  /** To be sent back as `after` for the following page; null on the last. */
  next: string | null;
  /** Known only where counting is cheap; {@link TOTAL_CAP} means “so many or more”. */
  total?: number | null;
}

/** The server stops counting here. */
export const TOTAL_CAP = 10_000;

export interface CursorPages<T> {
  items: readonly T[];
  total: number | null;
  /** Counted from 1. */
  number: number;
  isLoading: boolean;
  isRefreshing: boolean;
  error: Error | null;
  retry: () => void;
  next: (() => void) | null;
  previous: (() => void) | null;
}

/**
 * Walks a list forth and back. The cursors gone through are kept, so *previous* needs no backward cursor.
 * Changing `key` (a filter, a search) starts again at the first page.
 */
export function useCursorPages<T>(key: QueryKey, fetchPage: (after: string | null, signal: AbortSignal) => Promise<Page<T>>): CursorPages<T> {
  const identity = JSON.stringify(key);
  const [walk, setWalk] = useState<{ identity: string; cursors: readonly string[] }>({ identity, cursors: [] });
  const cursors = walk.identity === identity ? walk.cursors : [];
  const cursor = cursors.at(-1) ?? null;
  const query = useQuery({
    queryKey: [...key, { cursor }],
    queryFn: ({ signal }) => fetchPage(cursor, signal),
    placeholderData: keepPreviousData,
  });
  const goTo = (path: readonly string[]) => () => setWalk({ identity, cursors: path });
  const nextCursor = query.isPlaceholderData ? null : (query.data?.next ?? null);
  return {
    items: query.data?.items ?? [],
    total: query.data?.total ?? null,
    number: cursors.length + 1,
    isLoading: query.isPending,
    isRefreshing: query.isPlaceholderData,
    error: query.error,
    retry: () => void query.refetch(),
    next: nextCursor === null ? null : goTo([...cursors, nextCursor]),
    previous: cursors.length === 0 ? null : goTo(cursors.slice(0, -1)),
  };
}
