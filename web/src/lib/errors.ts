/** What went wrong, in one shape for the whole app, wherever it came from. */

/** Words by field name; the empty name stands for the form as a whole. */
export type Fields = Record<string, string>;

/** A way allauth offers to go on: `login`, `mfa_authenticate`, `reauthenticate`, `verify_email`… */
export interface Flow {
  id: string;
  is_pending?: boolean;
  types?: string[];
}

/**
 * The answer was not a success.
 *
 * `code` is stable and meant for programs; `message` is for people and comes from the server in their language.
 * `status` 0 means that no answer arrived at all.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Fields;
  readonly flows: Flow[];
  /** Seconds to wait before trying again, when the server said so. */
  readonly retryAfter: number | null;
  /** The answer's body, for the few callers who read an error as data (allauth's TOTP secret comes as a 404). */
  readonly body: unknown;

  constructor(init: {
    status: number;
    code: string;
    message: string;
    fields?: Fields;
    flows?: Flow[];
    retryAfter?: number | null;
    body?: unknown;
  }) {
    super(init.message);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.fields = init.fields ?? {};
    this.flows = init.flows ?? [];
    this.retryAfter = init.retryAfter ?? null;
    this.body = init.body;
  }

  /** True when the session is alive and only wants to be sure who sits at the keyboard. */
  get wantsReauthentication(): boolean {
    return this.code === "reauthentication_required" || this.flows.some(isReauthentication);
  }
}

export const isReauthentication = (flow: Flow): boolean => flow.id === "reauthenticate" || flow.id === "mfa_reauthenticate";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Turns any failed answer into an {@link ApiError}: ours, allauth's, or a proxy's page of HTML. */
export function errorFrom(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const seconds = retryAfter === null || Number.isNaN(Number(retryAfter)) ? null : Number(retryAfter);
  const common = { status, retryAfter: seconds, body };
  if (isObject(body) && typeof body.code === "string") {
    return new ApiError({ ...common, code: body.code, message: words(body.message), fields: fieldsFrom(body.fields) });
  }
  if (isObject(body) && ("errors" in body || "meta" in body || "data" in body)) return fromAllauth(common, body);
  return new ApiError({ ...common, code: codeForStatus(status), message: "" });
}

const words = (value: unknown): string => (typeof value === "string" ? value : "");

/** Field errors come as one sentence or as a list of them. */
function fieldsFrom(value: unknown): Fields {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, said]) => [name, Array.isArray(said) ? said.join(" ") : String(said)]));
}

function fromAllauth(common: { status: number; retryAfter: number | null; body: unknown }, body: Json): ApiError {
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  const flows = isObject(body.data) && Array.isArray(body.data.flows) ? (body.data.flows as Flow[]) : [];
  const fields: Fields = {};
  for (const error of errors) {
    const name = words(error.param);
    fields[name] = fields[name] ? `${fields[name]} ${words(error.message)}` : words(error.message);
  }
  const first = errors[0];
  return new ApiError({
    ...common,
    code: first ? words(first.code) || codeForStatus(common.status) : codeForStatus(common.status),
    message: errors.filter((error) => !error.param).map((error) => words(error.message)).join(" "),
    fields,
    flows,
  });
}

function codeForStatus(status: number): string {
  if (status === 0) return "network";
  if (status === 401) return "not_signed_in";
  if (status === 403) return "not_allowed";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 413) return "too_large";
  if (status === 429) return "rate_limited";
  return status >= 500 ? "server" : "refused";
}
