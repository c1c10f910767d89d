import { API, AUTH, http } from "@/lib/http";
import type { Me } from "@/lib/session";

export const saveProfile = (change: { name: string; language: string }) => http.patch<Me>(`${API}/me`, change);

export const changePassword = (change: { current_password: string; new_password: string }) => http.post<void>(`${AUTH}/account/password/change`, change);
