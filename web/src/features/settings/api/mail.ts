import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** While not `configured`, mails are kept as files on the server. */
export type MailSettings = Schema<"MailOut">;

export const MAIL_KEY = ["mail"] as const;

export const fetchMail = (signal?: AbortSignal) => http.get<MailSettings>(`${API}/mail`, { signal });

/** Without `password` the stored one stays. */
export const saveMail = (settings: Schema<"MailIn">) => http.put<MailSettings>(`${API}/mail`, settings);

export const testMail = (to: string) => http.post<Schema<"MailTestOut">>(`${API}/mail/test`, { to });
