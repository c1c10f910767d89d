import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { InboxSearch } from "@/features/inbox";
import { shellRoute } from "./root";
import { flag, words } from "./search";

/** One component for list and thread, so that the list stays while conversations come and go. */
const inbox = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    ...words(search, "view", "search", "inbox", "to"),
    ...flag(search, "details"),
    ...flag(search, "compose"),
  }),
  component: lazyRouteComponent(() => import("../screens/InboxScreen"), "InboxScreen"),
});

const none = createRoute({ getParentRoute: () => inbox, path: "/" });
const one = createRoute({ getParentRoute: () => inbox, path: "/$conversationId" });

export const inboxRoutes = [inbox.addChildren([none, one])];
