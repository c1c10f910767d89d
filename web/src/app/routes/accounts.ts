import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { fetchSetup } from "@/features/accounts/api/setup";
import { rootRoute } from "./root";

const load = () => import("@/features/accounts");

/** Pages that anybody may open. */
const publicLayout = createRoute({
  getParentRoute: () => rootRoute,
  id: "public",
  component: lazyRouteComponent(load, "PublicLayout"),
});

const login = createRoute({
  getParentRoute: () => publicLayout,
  path: "/login",
  // Only a path of ours: an address elsewhere would let a link carry people off after signing in.
  validateSearch: (search: Record<string, unknown>): { next?: string } => (isOwnPath(search.next) ? { next: search.next } : {}),
  beforeLoad: async () => {
    if ((await fetchSetup()).needed) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(load, "LoginPage"),
});

const setup = createRoute({
  getParentRoute: () => publicLayout,
  path: "/setup",
  beforeLoad: async () => {
    if (!(await fetchSetup()).needed) throw redirect({ to: "/" });
  },
  component: lazyRouteComponent(load, "SetupPage"),
});

const forgot = createRoute({ getParentRoute: () => publicLayout, path: "/password/reset", component: lazyRouteComponent(load, "ForgotPasswordPage") });

const reset = createRoute({ getParentRoute: () => publicLayout, path: "/password/reset/key/$key", component: lazyRouteComponent(load, "ResetPasswordPage") });

const verify = createRoute({ getParentRoute: () => publicLayout, path: "/account/verify-email/$key", component: lazyRouteComponent(load, "VerifyEmailPage") });

const invite = createRoute({ getParentRoute: () => publicLayout, path: "/invite/$token", component: lazyRouteComponent(load, "InvitationPage") });

export const accountRoutes = [publicLayout.addChildren([login, setup, forgot, reset, verify, invite])];

const isOwnPath = (next: unknown): next is string => typeof next === "string" && /^\/(?![/\\])/.test(next);
