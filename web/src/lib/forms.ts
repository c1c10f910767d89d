/** Server answers onto forms: each complaint at the field it is about, the rest above the form. */
import { ApiError } from "./errors";

export interface FormLike<V> {
  values: V;
  setFieldError: (path: string, error: string) => void;
}

/**
 * Puts the error's field words at the fields of the form that exist.
 * Returns the error when something of it is left to say above the form, else null.
 */
export function showFieldErrors<V extends Record<string, unknown>>(form: FormLike<V>, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  let shown = 0;
  for (const [name, words] of Object.entries(error.fields)) {
    if (!(name in form.values)) continue;
    form.setFieldError(name, words);
    shown += 1;
  }
  return shown === 0 || shown < Object.keys(error.fields).length ? error : null;
}
