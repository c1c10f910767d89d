import { API, http } from "@/lib/http";
import type { Role } from "@/lib/session";
import type { Schema } from "@/lib/schema";

export type Member = Schema<"MemberOut">;

export type OpenInvitation = Schema<"InvitationOut">;

export type Team = Schema<"TeamOut">;

export const TEAM_KEY = ["team"] as const;

export const fetchTeam = (signal?: AbortSignal) => http.get<Team>(`${API}/team`, { signal });

export const changeRole = (id: string, role: Role) => http.patch<Member>(`${API}/team/members/${id}`, { role });

/** Of oneself: leaving. */
export const removeMember = (id: string) => http.delete<void>(`${API}/team/members/${id}`);

/** The link is shown this once; `mailed` is false when it could not be sent and has to be handed over. */
export type Invited = Schema<"InvitedOut">;

export const invite = (invitation: { email: string; role: Role }) => http.post<Invited>(`${API}/team/invitations`, invitation);

export const withdrawInvitation = (id: string) => http.delete<void>(`${API}/team/invitations/${id}`);
