/** What was typed and not sent, kept per conversation and person for as long as the tab lives. */

const PREFIX = "textfirst.draft.";

const keyOf = (user: string, conversation: string): string => `${PREFIX}${user}.${conversation}`;

export function draftOf(user: string, conversation: string): string {
  try {
    return sessionStorage.getItem(keyOf(user, conversation)) ?? "";
  } catch {
    return ""; // storage is blocked: drafts then live as long as the screen
  }
}

export function keepDraft(user: string, conversation: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(keyOf(user, conversation));
    else sessionStorage.setItem(keyOf(user, conversation), text);
  } catch {
    // Blocked or full: the text is still in the composer.
  }
}
