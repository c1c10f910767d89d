import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/contacts",
  component: lazyRouteComponent(() => import("@/features/contacts"), "ContactsPage"),
});

export const contactRoutes = [page];
