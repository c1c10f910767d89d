import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** How many months each kind of data is kept; null keeps it for good. */
export type Retention = Schema<"RetentionOut">;

export type WorkspaceSettings = Schema<"WorkspaceOut">;

export const WORKSPACE_KEY = ["workspace"] as const;

export const fetchWorkspace = (signal?: AbortSignal) => http.get<WorkspaceSettings>(`${API}/workspace`, { signal });

export const saveWorkspace = (change: Schema<"WorkspaceChange">) => http.patch<WorkspaceSettings>(`${API}/workspace`, change);
