import { ApiError, AUTH, http } from "@/lib/http";

/** Sends the mail with the link; answers the same whether or not the address is known. */
export const requestReset = (email: string) => http.post<void>(`${AUTH}/auth/password/request`, { email });

/** Throws when the link is used up or too old. */
export const checkResetKey = (key: string) => http.get<unknown>(`${AUTH}/auth/password/reset`, { headers: { "X-Password-Reset-Key": key } });

/** allauth answers 401 (nobody is signed in) when the password is set. */
export async function resetPassword(key: string, password: string): Promise<void> {
  try {
    await http.post(`${AUTH}/auth/password/reset`, { key, password });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
}
