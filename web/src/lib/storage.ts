/** What this browser remembers. Storage may be blocked or full: the app then simply forgets. */

const PREFIX = "textfirst.";

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null; // blocked by the browser's settings
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Blocked or full: nothing here is worth interrupting a person for.
  }
}
