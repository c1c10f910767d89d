import { API, http } from "@/lib/http";
import type { Workspace } from "@/lib/session";

/** How many months each kind of data is kept; null keeps it for good. */
export type Retention = Record<"messages" | "events" | "receipts", number | null>;

export interface WorkspaceSettings extends Workspace {
  retention_months: Retention;
}

export const WORKSPACE_KEY = ["workspace"] as const;

export const fetchWorkspace = (signal?: AbortSignal) => http.get<WorkspaceSettings>(`${API}/workspace`, { signal });

export const saveWorkspace = (change: Partial<WorkspaceSettings>) => http.patch<WorkspaceSettings>(`${API}/workspace`, change);
