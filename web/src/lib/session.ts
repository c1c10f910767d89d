/** Who is signed in, where, and what they may do there. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { API, ApiError, configureHttp, http } from "./http";
import type { Schema } from "./schema";
import { remember, remembered } from "./storage";

export type Role = Schema<"Role">;

export type User = Schema<"UserOut">;

export type Workspace = Schema<"WorkspaceOut">;

/** `live` is false while no real channel is connected: everything goes to the simulator. */
export type Me = Schema<"MeOut">;

export const ME_KEY = ["me"] as const;

export const meQuery = queryOptions({
  queryKey: ME_KEY,
  queryFn: fetchMe,
  staleTime: 5 * 60_000,
});

/** Asks for the workspace last used here; should it be gone, for the first one. */
async function fetchMe({ signal }: { signal: AbortSignal }): Promise<Me> {
  configureHttp({ workspace: remembered("workspace") });
  const me = await http.get<Me>(`${API}/me`, { signal }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || ![403, 404].includes(error.status) || !remembered("workspace")) throw error;
    remember("workspace", null);
    configureHttp({ workspace: null });
    return http.get<Me>(`${API}/me`, { signal });
  });
  configureHttp({ workspace: me.workspace.id });
  return me;
}

/** The signed-in person and where they are; only for screens inside the shell, where it is loaded. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("useMe is for screens inside the shell");
  return data;
}

export const useWorkspace = (): Workspace => useMe().workspace;

/** Moves to another workspace: everything on screen belongs to the old one, so the page starts afresh. */
export function switchWorkspace(id: string): void {
  remember("workspace", id);
  window.location.assign("/");
}

const RANK: Record<Role, number> = { viewer: 0, agent: 1, admin: 2, owner: 3 };

/** True when the person's role here is at least `role`. The server decides; this only hides what it would refuse. */
export const useAtLeast = (role: Role): boolean => RANK[useMe().role] >= RANK[role];
