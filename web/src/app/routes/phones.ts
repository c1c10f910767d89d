import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { PhonesSearch } from "@/features/phones";
import { shellRoute } from "./root";
import { words } from "./search";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/phones",
  validateSearch: (search: Record<string, unknown>): PhonesSearch => words(search, "channel", "phone"),
  component: lazyRouteComponent(() => import("@/features/phones"), "PhonesPage"),
});

export const phoneRoutes = [page];
