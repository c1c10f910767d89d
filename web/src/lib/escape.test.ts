import { expect, test, vi } from "vitest";
import { listenForShortcuts, shortcuts } from "./shortcuts";

test("the Escape that closes a dialog goes no further", () => {
  const stop = listenForShortcuts();
  const run = vi.fn();
  const forget = shortcuts.register({ keys: "Escape", label: "Back", group: "Test", run });
  document.body.innerHTML = '<div role="dialog" aria-modal="true"></div>';
  const closes = () => (document.body.innerHTML = "");
  window.addEventListener("keydown", closes, { capture: true, once: true });
  const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  press();
  expect(run).not.toHaveBeenCalled();
  press();
  expect(run).toHaveBeenCalledOnce();
  forget();
  stop();
});
