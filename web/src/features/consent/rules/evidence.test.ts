import { expect, test } from "vitest";
import { marked } from "./evidence";

const shown = (text: string, ...evidence: string[]) =>
  marked(text, evidence)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("");

test.each([
  ["Please leave me alone, thanks", ["leave alone"], "Please [leave] me [alone], thanks"],
  ["Arrêtez, s'il vous plaît", ["arretez"], "[Arrêtez], s'il vous plaît"],
  ["أوقفوا الرسائل", ["اوقفوا"], "[أوقفوا] الرسائل"],
  ["nothing here", [], "nothing here"],
  ["STOP", ["stop"], "[STOP]"],
])("%s", (text, evidence, expected) => {
  expect(shown(text, ...evidence)).toBe(expected);
});

test("nothing of the text is lost", () => {
  const text = "  Stop.\nOr else…  ";
  expect(marked(text, ["stop", "else"]).map((piece) => piece.text).join("")).toBe(text);
});
