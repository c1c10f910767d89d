/** What live events make of contacts and imports. */
import type { QueryClient } from "@tanstack/react-query";
import { Gathering } from "@/lib/gathering";
import type { LiveEvent } from "@/lib/live";
import { importKey } from "./api/imports";

/** A campaign's answers change many contacts in a moment: the table is fetched at most this often. */
const PAUSE_MS = 1000;

const tables = new WeakMap<QueryClient, Gathering>();

function tableOf(queries: QueryClient): Gathering {
  const known = tables.get(queries) ?? new Gathering(PAUSE_MS, () => queries.invalidateQueries({ queryKey: ["contacts", "list"] }));
  tables.set(queries, known);
  return known;
}

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
    tableOf(queries).add("");
    return;
  }
  for (const key of ["contacts", "lists", "segments", "labels"]) stale(key);
}
