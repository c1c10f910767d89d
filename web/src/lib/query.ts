import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors";

/** A refusal will be refused again; a dropped line or a busy server may not. */
export const worthRetrying = (failures: number, error: unknown): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: worthRetrying,
      staleTime: 30_000, // live events invalidate sooner
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});
