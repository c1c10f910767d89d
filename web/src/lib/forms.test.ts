import { describe, expect, it } from "vitest";
import { ApiError } from "./errors";
import { showFieldErrors } from "./forms";

const refusal = (fields: Record<string, string>) => new ApiError({ status: 422, code: "invalid", message: "No.", fields });

function form() {
  const shown: Record<string, string> = {};
  return { values: { email: "", config: { host: "" } }, setFieldError: (path: string, words: string) => void (shown[path] = words), shown };
}

describe("showFieldErrors", () => {
  it.each([
    [{ email: "Taken." }, { email: "Taken." }, false],
    [{ "config.host": "Too long." }, { "config.host": "Too long." }, false],
    [{ email: "Taken.", other: "Hm." }, { email: "Taken." }, true], // something is left to say above the form
    [{ "config.port": "Hm." }, {}, true],
    [{}, {}, true],
  ])("%j", (fields, shown, left) => {
    const at = form();
    const error = refusal(fields as Record<string, string>);
    expect(showFieldErrors(at, error)).toBe(left ? error : null);
    expect(at.shown).toEqual(shown);
  });
});
