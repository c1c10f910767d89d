import { ApiError, AUTH, http } from "@/lib/http";

/** Confirms the address; 401 means confirmed, and to sign in now. Answers whether somebody is signed in. */
export async function verifyEmail(key: string): Promise<{ signedIn: boolean }> {
  try {
    await http.post(`${AUTH}/auth/email/verify`, { key });
    return { signedIn: true };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { signedIn: false };
    throw error;
  }
}
