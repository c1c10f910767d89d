/** Server answers onto forms: each complaint at the field it is about, the rest above the form. */
import { useState } from "react";
import { ApiError } from "./errors";
import { ReauthenticationRefused } from "./reauthentication";

export interface FormLike<V> {
  values: V;
  setFieldError: (path: string, error: string) => void;
}

/**
 * Puts the error's field words at the fields of the form that exist.
 * Returns the error when something of it is left to say above the form, else null.
 */
export function showFieldErrors<V extends object>(form: FormLike<V>, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const fields = Object.entries(error.fields);
  const here = fields.filter(([name]) => has(form.values, name));
  for (const [name, words] of here) form.setFieldError(name, words);
  return here.length > 0 && here.length === fields.length ? null : error;
}

/** Follows a path such as `config.host` into the values. */
function has(values: object, path: string): boolean {
  let at: unknown = values;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !(name in at)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
}

interface Submission<V> {
  /** What is left to say above the form. */
  error: unknown;
  busy: boolean;
  submit: (values: V) => Promise<void>;
}

/** Runs a form's action: busy meanwhile, complaints at their fields, silence when the person would not reauthenticate. */
export function useSubmit<V extends object>(form: FormLike<V>, action: (values: V) => Promise<unknown>): Submission<V> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (values: V) => {
    setBusy(true);
    setError(null);
    try {
      await action(values);
    } catch (failed) {
      setError(failed instanceof ReauthenticationRefused ? null : showFieldErrors(form, failed));
    } finally {
      setBusy(false);
    }
  };
  return { error, busy, submit };
}
