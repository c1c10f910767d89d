import { API, http } from "@/lib/http";

export interface MailSettings {
  host: string;
  port: number;
  security: "none" | "starttls" | "tls";
  username: string;
  from_address: string;
  has_password: boolean;
  /** False: mails are kept as files on the server. */
  configured: boolean;
}

export const MAIL_KEY = ["mail"] as const;

export const fetchMail = (signal?: AbortSignal) => http.get<MailSettings>(`${API}/mail`, { signal });

/** Without `password` the stored one stays. */
export const saveMail = (settings: Omit<MailSettings, "configured" | "has_password"> & { password?: string }) => http.put<MailSettings>(`${API}/mail`, settings);

export const testMail = (to: string) => http.post<{ ok: boolean; detail: string }>(`${API}/mail/test`, { to });
