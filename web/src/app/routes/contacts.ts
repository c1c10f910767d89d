import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { ContactsSearch } from "@/features/contacts";
import { shellRoute } from "./root";
import { flag, words } from "./search";

const load = () => import("@/features/contacts");

const people = createRoute({
  getParentRoute: () => shellRoute,
  path: "/contacts",
  validateSearch: (search: Record<string, unknown>): ContactsSearch => ({
    ...words(search, "search", "list", "segment", "label", "contact", "tab"),
    ...flag(search, "stopped"),
    ...flag(search, "blocked"),
  }),
  component: lazyRouteComponent(() => import("../screens/ContactsScreen"), "ContactsScreen"),
});

const lists = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/lists", component: lazyRouteComponent(load, "ListsPage") });
const segments = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/segments", component: lazyRouteComponent(load, "SegmentsPage") });
const segment = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/segments/$segmentId", component: lazyRouteComponent(load, "SegmentPage") });
const imports = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/imports", component: lazyRouteComponent(load, "ImportsPage") });
const newImport = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/imports/new", component: lazyRouteComponent(load, "NewImportPage") });
const oneImport = createRoute({ getParentRoute: () => shellRoute, path: "/contacts/imports/$importId", component: lazyRouteComponent(load, "ImportPage") });

export const contactRoutes = [people, lists, segments, segment, imports, newImport, oneImport];
