/** What live events make of contacts and imports. */
import type { QueryClient } from "@tanstack/react-query";
import type { LiveEvent } from "@/lib/live";
import { importKey } from "./api/imports";

/** `contact.updated`, `contacts.changed`, `import.updated`. */
export function contactsLive(event: LiveEvent, queries: QueryClient): void {
  const stale = (...queryKey: unknown[]) => void queries.invalidateQueries({ queryKey });
  if (event.kind === "import.updated") {
    stale(...importKey(event.subject_id));
    stale("imports", "list");
    return;
  }
  if (event.kind === "contact.updated") {
    stale("contacts", "one", event.subject_id);
    stale("contacts", "list");
    return;
  }
  for (const key of ["contacts", "lists", "segments", "labels"]) stale(key);
}
