import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { ApiError } from "@/lib/http";
import { meQuery } from "@/lib/session";
import type { QueryClient } from "@tanstack/react-query";
import { CannotEnter } from "../CannotEnter";
import { NotFound } from "../NotFound";
import { Shell } from "../shell/Shell";

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ notFoundComponent: NotFound });

/** Everything behind the login. Children find the signed-in person loaded. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: Shell,
  errorComponent: CannotEnter,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: "/login", search: { next: location.href } });
    }
  },
});
