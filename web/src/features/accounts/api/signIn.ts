import { ApiError, AUTH, http } from "@/lib/http";

/** What is left to do after a step of signing in. */
export type NextStep = "done" | "code" | "verify_email";

/** allauth answers 401 with the pending flow when there is another step: that is an answer here, not an error. */
async function nextStep(step: Promise<unknown>): Promise<NextStep> {
  try {
    await step;
    return "done";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409) return "done"; // signed in already, in another tab
    const pending = error.flows.find((flow) => flow.is_pending)?.id;
    if (pending === "mfa_authenticate") return "code";
    if (pending === "verify_email") return "verify_email";
    throw error;
  }
}

export const signIn = (credentials: { email: string; password: string }): Promise<NextStep> =>
  nextStep(http.post(`${AUTH}/auth/login`, credentials));

/** A code from the authenticator app, or a recovery code. */
export const sendCode = (code: string): Promise<NextStep> => nextStep(http.post(`${AUTH}/auth/2fa/authenticate`, { code: code.replaceAll(/\s/g, "") }));

/** Forgets a half-finished sign-in, so that another account can be tried. */
export async function abandonSignIn(): Promise<void> {
  await http.delete(`${AUTH}/auth/session`).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error; // 401: nobody is signed in, as wished
  });
}
