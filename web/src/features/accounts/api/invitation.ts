import { API, http } from "@/lib/http";
import type { Role } from "@/lib/session";

export interface Invitation {
  workspace_name: string;
  email: string;
  role: Role;
  /** True when the address has an account: then its password opens it, and no name is asked. */
  has_account: boolean;
}

export const fetchInvitation = (token: string, signal?: AbortSignal) => http.get<Invitation>(`${API}/invitations/${encodeURIComponent(token)}`, { signal });

/** Joins the workspace and signs in, unless the account has a second step: then signing in is still to be done. */
export const acceptInvitation = (token: string, answer: { name: string; password: string }) =>
  http.post<{ signed_in: boolean }>(`${API}/invitations/${encodeURIComponent(token)}`, answer);
