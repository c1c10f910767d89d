import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/phones",
  component: lazyRouteComponent(() => import("@/features/phones"), "PhonesPage"),
});

export const phoneRoutes = [page];
