/** The one way to the server: cookie session, CSRF header, workspace header, one error shape. */
import { ApiError, errorFrom, type Flow } from "./errors";

export { ApiError } from "./errors";

export const API = "/api/v1";
export const AUTH = "/_allauth/browser/v1";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;

export interface RequestOptions {
  query?: Query | undefined;
  signal?: AbortSignal | undefined;
  /** Sent as they are, after the standard ones. */
  headers?: Record<string, string>;
}

/** Asks the person to prove who they are; resolves when they did, rejects when they would not. */
export type Reauthenticate = (flows: Flow[]) => Promise<void>;

interface Context {
  workspace: string | null;
  language: string;
  reauthenticate: Reauthenticate | null;
  /** A session that ended while its screens show; who asks `/me` finds out for themselves. */
  onSignedOut: (() => void) | null;
}

const context: Context = { workspace: null, language: "en", reauthenticate: null, onSignedOut: null };

/** Tells the client who and where we are; the app calls it when these change. */
export function configureHttp(change: Partial<Context>): void {
  Object.assign(context, change);
}

export const http = {
  get: <T>(path: string, options?: RequestOptions) => request<T>("GET", path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("POST", path, body, options),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("PUT", path, body, options),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("PATCH", path, body, options),
  delete: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("DELETE", path, body, options),
};

async function request<T>(method: Method, path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
  try {
    return await send<T>(method, path, body, options);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.wantsReauthentication && context.reauthenticate) {
      await context.reauthenticate(error.flows);
      return send<T>(method, path, body, options);
    }
    if (error.status === 401 && isOurs(path) && path !== `${API}/me`) context.onSignedOut?.();
    throw error;
  }
}

async function send<T>(method: Method, path: string, body: unknown, options: RequestOptions): Promise<T> {
  const headers = await headersFor(method, path, body, options);
  const response = await fetchOrExplain(path + queryString(options.query), {
    method,
    headers,
    body: encode(body),
    credentials: "same-origin",
    signal: options.signal ?? null,
  });
  const answer = await bodyOf(response);
  if (!response.ok) throw errorFrom(response.status, answer, response.headers.get("Retry-After"));
  return answer as T;
}

/** A file to be saved, with headers and errors as everywhere; the browser keeps a large one on disk. */
export async function fetchFile(path: string, options: RequestOptions = {}): Promise<File> {
  const headers = await headersFor("GET", path, undefined, options);
  headers.set("Accept", "*/*");
  const response = await fetchOrExplain(path + queryString(options.query), { headers, credentials: "same-origin" });
  if (!response.ok) throw errorFrom(response.status, await bodyOf(response), response.headers.get("Retry-After"));
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "download";
  return new File([await response.blob()], name);
}

async function fetchOrExplain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ status: 0, code: "network", message: "" });
  }
}

async function headersFor(method: Method, path: string, body: unknown, options: RequestOptions): Promise<Headers> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": context.language });
  if (body !== undefined && !(body instanceof FormData)) headers.set("Content-Type", "application/json");
  if (context.workspace && isOurs(path)) headers.set("X-Workspace", context.workspace);
  if (method !== "GET") headers.set("X-CSRFToken", await csrfToken());
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  return headers;
}

const isOurs = (path: string): boolean => path.startsWith(API);

function encode(body: unknown): BodyInit | null {
  if (body === undefined) return null;
  return body instanceof FormData ? body : JSON.stringify(body);
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Cut off on the way: an error page or a half answer, told apart by the status.
    throw new ApiError({ status: response.status, code: "broken_answer", message: "" });
  }
}

/** Django sets the cookie on the first allauth answer; a fresh browser asks for one. */
async function csrfToken(): Promise<string> {
  if (!cookie("csrftoken")) await fetchOrExplain(`${AUTH}/config`, { credentials: "same-origin" });
  return cookie("csrftoken") ?? "";
}

export function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

/** `{a: 1, b: ["x", "y"], c: null}` → `?a=1&b=x&b=y`; nothing given, nothing written. */
export function queryString(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text && `?${text}`;
}
