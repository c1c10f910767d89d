import type { ImportConsentGiven } from "../api/types";

/** Whether there is something to show for it: the words they saw or where it comes from; of a vouched one, the reason. */
export const isProven = ({ kind, shown, note }: Pick<ImportConsentGiven, "kind" | "shown" | "note">): boolean => note.trim() !== "" || (kind !== "attested" && shown.trim() !== "");
