import { API, http } from "@/lib/http";
import type { Role } from "@/lib/session";

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: Role;
  last_seen_at: string | null;
}

export interface OpenInvitation {
  id: string;
  email: string;
  role: Role;
  expires_at: string;
}

export interface Team {
  members: Member[];
  invitations: OpenInvitation[];
}

export const TEAM_KEY = ["team"] as const;

export const fetchTeam = (signal?: AbortSignal) => http.get<Team>(`${API}/team`, { signal });

export const changeRole = (id: string, role: Role) => http.patch<Member>(`${API}/team/members/${id}`, { role });

/** Of oneself: leaving. */
export const removeMember = (id: string) => http.delete<void>(`${API}/team/members/${id}`);

/** The link is shown this once; `mailed` is false when it could not be sent and has to be handed over. */
export type Invited = OpenInvitation & { link: string; mailed: boolean };

export const invite = (invitation: { email: string; role: Role }) => http.post<Invited>(`${API}/team/invitations`, invitation);

export const withdrawInvitation = (id: string) => http.delete<void>(`${API}/team/invitations/${id}`);
