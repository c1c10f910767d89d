import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { Failure } from "@/components/ui/ErrorBoundary";
import { Loading } from "@/components/ui/Loading";
import { configureHttp } from "@/lib/http";
import { queryClient } from "@/lib/query";
import { meQuery } from "@/lib/session";
import { accountRoutes } from "./routes/accounts";
import { campaignRoutes } from "./routes/campaigns";
import { channelRoutes } from "./routes/channels";
import { consentRoutes } from "./routes/consent";
import { contactRoutes } from "./routes/contacts";
import { inboxRoutes } from "./routes/inbox";
import { phoneRoutes } from "./routes/phones";
import { rootRoute, shellRoute } from "./routes/root";
import { settingsRoutes } from "./routes/settings";

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", replace: true });
  },
});

const routeTree = rootRoute.addChildren([
  ...accountRoutes,
  shellRoute.addChildren([homeRoute, ...inboxRoutes, ...contactRoutes, ...campaignRoutes, ...channelRoutes, ...consentRoutes, ...phoneRoutes, ...settingsRoutes]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0, // the query cache decides
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  scrollRestoration: true,
});

configureHttp({
  onSignedOut: () => {
    if (router.state.location.pathname === "/login") return; // several requests may hear of it at once
    // The screens that are still up count on knowing who looks at them: forgotten is it only once they are gone.
    void router.navigate({ to: "/login", search: { next: router.state.location.href } }).then(() => queryClient.removeQueries({ queryKey: meQuery.queryKey }));
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
