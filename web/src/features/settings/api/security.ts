/** Second step and sessions, by django-allauth. Its delicate steps ask for a fresh login by themselves (lib/http). */
import { ApiError, AUTH, http } from "@/lib/http";

interface Answer<T> {
  data: T;
}

export interface Authenticator {
  type: "totp" | "recovery_codes" | "webauthn";
  created_at: number;
  last_used_at: number | null;
  total_code_count?: number;
  unused_code_count?: number;
}

export const AUTHENTICATORS_KEY = ["authenticators"] as const;

export const fetchAuthenticators = async (signal?: AbortSignal) =>
  (await http.get<Answer<Authenticator[]>>(`${AUTH}/account/authenticators`, { signal })).data;

export interface TotpSecret {
  secret: string;
  /** `otpauth://…`, for the picture. */
  url: string;
}

/** A new secret to put into an app. allauth hands it out in a 404 (“not set up yet”); 409 means that the e-mail address is unconfirmed. */
export async function fetchTotpSecret(): Promise<TotpSecret> {
  try {
    await http.get(`${AUTH}/account/authenticators/totp`);
  } catch (error) {
    const meta = error instanceof ApiError && error.status === 404 ? (error.body as { meta?: { secret?: string; totp_url?: string } }).meta : undefined;
    if (meta?.secret && meta.totp_url) return { secret: meta.secret, url: meta.totp_url };
    throw error;
  }
  throw new ApiError({ status: 409, code: "totp_exists", message: "" });
}

export const activateTotp = (code: string) => http.post<void>(`${AUTH}/account/authenticators/totp`, { code: code.replaceAll(/\s/g, "") });

export const deactivateTotp = () => http.delete<void>(`${AUTH}/account/authenticators/totp`);

export interface RecoveryCodes {
  total_code_count: number;
  unused_code_count: number;
  /** Only right after they were made. */
  unused_codes?: string[];
}

export const fetchRecoveryCodes = async () => (await http.get<Answer<RecoveryCodes>>(`${AUTH}/account/authenticators/recovery-codes`)).data;

/** New codes; the old ones stop working. */
export const makeRecoveryCodes = async () => (await http.post<Answer<RecoveryCodes>>(`${AUTH}/account/authenticators/recovery-codes`)).data;

export interface EmailAddress {
  email: string;
  verified: boolean;
  primary: boolean;
}

export const fetchEmailAddresses = async (signal?: AbortSignal) => (await http.get<Answer<EmailAddress[]>>(`${AUTH}/account/email`, { signal })).data;

/** Sends the mail again; 403 when one was sent a moment ago. */
export const sendVerification = (email: string) => http.put<void>(`${AUTH}/account/email`, { email });
