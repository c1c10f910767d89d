import { API, fetchFile, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Import, ImportChange, ImportError } from "./types";

export const importKey = (id: string) => ["imports", id] as const;

export function uploadImport(file: File): Promise<Import> {
  const form = new FormData();
  form.append("file", file);
  return http.post<Import>(`${API}/imports`, form);
}

export const fetchImports = (after: string | null, signal?: AbortSignal) => http.get<Page<Import>>(`${API}/imports`, { query: { limit: 25, after }, signal });

export const fetchImport = (id: string, signal?: AbortSignal) => http.get<Import>(`${API}/imports/${id}`, { signal });

export const changeImport = (id: string, change: ImportChange) => http.patch<Import>(`${API}/imports/${id}`, change);

export const actOnImport = (id: string, act: "start" | "stop" | "resume") => http.post<Import>(`${API}/imports/${id}/${act}`);

/** The file and its report go; the contacts it made stay. */
export const deleteImport = (id: string) => http.delete<void>(`${API}/imports/${id}`);

export const fetchImportErrors = (id: string, after: string | null, signal?: AbortSignal) =>
  http.get<Page<ImportError>>(`${API}/imports/${id}/errors`, { query: { limit: 50, after }, signal });

/** The rows that could not be imported, to be mended and sent again. */
export const fetchErrorReport = (id: string) => fetchFile(`${API}/imports/${id}/errors.csv`);
