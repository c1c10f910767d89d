import { expect, it } from "vitest";
import { matching, type Command } from "./commands";

const command = (id: string, label: string, keywords = ""): Command => ({ id, label, group: "Go to", keywords, run: () => undefined });
const all = [command("inbox", "Inbox"), command("keys", "Create a key", "API"), command("ar", "العربية", "language ar"), command("contacts", "Import contacts")];

it.each([
  ["", ["inbox", "keys", "ar", "contacts"]],
  ["in", ["inbox"]],
  ["api", ["keys"]],
  ["key cre", ["keys"]],
  ["العر", ["ar"]],
  ["go to imp", ["contacts"]],
  ["nothing", []],
])("finds for “%s”", (typed, ids) => expect(matching(all, typed).map(({ id }) => id)).toEqual(ids));
