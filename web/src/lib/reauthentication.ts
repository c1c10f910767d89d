/** The meeting point of the http client, which needs a person to prove who they are, and the dialog that asks. */
import { configureHttp } from "./http";
import type { Flow } from "./errors";

export interface Question {
  flows: Flow[];
  proved: () => void;
  refused: () => void;
}

/** The person closed the dialog. Callers treat it as “nothing happened”. */
export class ReauthenticationRefused extends Error {}

let ask: ((question: Question) => void) | null = null;
let pending: Promise<void> | null = null;

/** The dialog announces itself. */
export function answerReauthentication(show: (question: Question) => void): () => void {
  ask = show;
  configureHttp({ reauthenticate });
  return () => {
    ask = null;
    configureHttp({ reauthenticate: null });
  };
}

/** Several requests refused at once ask one question. */
function reauthenticate(flows: Flow[]): Promise<void> {
  pending ??= new Promise<void>((resolve, reject) => {
    if (!ask) return reject(new ReauthenticationRefused());
    ask({ flows, proved: resolve, refused: () => reject(new ReauthenticationRefused()) });
  }).finally(() => {
    pending = null;
  });
  return pending;
}
