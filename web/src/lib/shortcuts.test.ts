import { beforeEach, describe, expect, it } from "vitest";
import { keyName, Shortcuts } from "./shortcuts";

const key = (name: string, more: Partial<KeyboardEvent> = {}) => ({ key: name, code: "", ctrlKey: false, metaKey: false, altKey: false, ...more });

describe("keyName", () => {
  it.each([
    [key("j"), "j"],
    [key("?"), "?"],
    [key("k", { ctrlKey: true }), "mod+k"],
    [key("K", { metaKey: true }), "mod+k"],
    [key("ArrowDown"), "ArrowDown"],
    [key("ت", { code: "KeyJ" }), "j"], // the key in the place of j on an Arabic keyboard
    [key("ξ", { code: "KeyJ" }), "j"],
    [key("j", { altKey: true }), null],
    [key("Shift"), null],
  ])("%o → %s", (event, expected) => expect(keyName(event)).toBe(expected));
});

describe("Shortcuts", () => {
  let shortcuts: Shortcuts;
  let ran: string[];
  const add = (keys: string, name = keys) => shortcuts.register({ keys, label: name, group: "", run: () => ran.push(name) });

  beforeEach(() => {
    shortcuts = new Shortcuts();
    ran = [];
  });

  it("runs a key and a sequence", () => {
    add("j");
    add("g i");
    expect([shortcuts.press("j", 0), shortcuts.press("g", 10), shortcuts.press("i", 20), shortcuts.press("z", 30)]).toEqual([true, true, true, false]);
    expect(ran).toEqual(["j", "g i"]);
  });

  it("forgets a sequence that was not finished in time", () => {
    add("g i");
    add("i");
    shortcuts.press("g", 0);
    shortcuts.press("i", 5000);
    expect(ran).toEqual(["i"]);
  });

  it("gives a key to whoever came last, and back when they leave", () => {
    add("j", "list");
    const leave = add("j", "dialog");
    shortcuts.press("j", 0);
    leave();
    shortcuts.press("j", 10);
    expect(ran).toEqual(["dialog", "list"]);
  });
});
