import { API, ApiError, http } from "@/lib/http";

export interface Setup {
  workspace_name: string;
  country: string;
  time_zone: string;
  language: string;
  name: string;
  email: string;
  password: string;
  /** Fills the workspace with made-up contacts and a campaign that answers, to look around in. */
  demo: boolean;
}

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
