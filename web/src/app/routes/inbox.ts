import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox",
  component: lazyRouteComponent(() => import("@/features/inbox"), "InboxPage"),
});

export const inboxRoutes = [page];
