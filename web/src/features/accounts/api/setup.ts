import { API, ApiError, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** `demo` fills the workspace with made-up contacts and a campaign that answers, to look around in. */
export type Setup = Schema<"SetupIn">;

/** Whether the first visit is still to come. The address is gone once it happened. */
export async function fetchSetup(): Promise<{ needed: boolean }> {
  try {
    return await http.get<{ needed: boolean }>(`${API}/setup`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { needed: false };
    throw error;
  }
}

/** Makes owner and workspace, and signs in. */
export const createFirstWorkspace = (setup: Setup) => http.post<void>(`${API}/setup`, setup);
