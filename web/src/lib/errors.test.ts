import { describe, expect, it } from "vitest";
import { errorFrom } from "./errors";

describe("errorFrom", () => {
  it.each([
    {
      name: "ours",
      status: 422,
      body: { code: "invalid", message: "Some of this cannot be used.", fields: { to: "Not a number.", "config.host": ["Too long.", "Not a name."] } },
      expected: { code: "invalid", message: "Some of this cannot be used.", fields: { to: "Not a number.", "config.host": "Too long. Not a name." } },
    },
    {
      name: "allauth's, at fields and above them",
      status: 400,
      body: { status: 400, errors: [{ message: "Wrong.", code: "mismatch", param: "password" }, { message: "Twice.", code: "other" }] },
      expected: { code: "mismatch", message: "Twice.", fields: { password: "Wrong.", "": "Twice." } },
    },
    { name: "allauth's without words", status: 409, body: { status: 409, meta: {} }, expected: { code: "conflict", message: "", fields: {} } },
    { name: "a proxy's page", status: 502, body: "<html>Bad gateway</html>", expected: { code: "server", message: "", fields: {} } },
    { name: "nothing", status: 403, body: undefined, expected: { code: "not_allowed", message: "", fields: {} } },
  ])("reads $name", ({ status, body, expected }) => {
    const { code, message, fields } = errorFrom(status, body);
    expect({ code, message, fields }).toEqual(expected);
  });

  it.each([
    ["30", 30],
    ["soon", null],
    [null, null],
  ])("reads Retry-After %s", (header, seconds) => {
    expect(errorFrom(429, undefined, header).retryAfter).toBe(seconds);
  });

  it.each([
    [[{ id: "reauthenticate" }], true],
    [[{ id: "mfa_reauthenticate" }], true],
    [[{ id: "login" }, { id: "mfa_authenticate", is_pending: true }], false],
  ])("tells a wish for a fresh proof (%j) from a sign-in", (flows, expected) => {
    expect(errorFrom(401, { status: 401, data: { flows }, meta: {} }).wantsReauthentication).toBe(expected);
  });
});
