import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** With `has_account` the address is known here: then its password opens the invitation, and no name is asked. */
export type Invitation = Schema<"OpenInvitationOut">;

export const fetchInvitation = (token: string, signal?: AbortSignal) => http.get<Invitation>(`${API}/invitations/${encodeURIComponent(token)}`, { signal });

/** Joins the workspace and signs in, unless the account has a second step: then signing in is still to be done. */
export const acceptInvitation = (token: string, answer: Schema<"AcceptIn">) =>
  http.post<Schema<"AcceptedOut">>(`${API}/invitations/${encodeURIComponent(token)}`, answer);
