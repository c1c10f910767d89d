/** The API's own types, made from its OpenAPI description by `npm run types`. */
import type { components } from "@/generated/api";

/** `Schema<"ContactOut">`: what the server answers or takes, by its name there. A field it drops is a type error here. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
