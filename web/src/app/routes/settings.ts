import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { shellRoute } from "./root";

const load = () => import("@/features/settings");

const layout = createRoute({ getParentRoute: () => shellRoute, path: "/settings", component: lazyRouteComponent(load, "SettingsLayout") });

const home = createRoute({
  getParentRoute: () => layout,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});

const profile = createRoute({ getParentRoute: () => layout, path: "/profile", component: lazyRouteComponent(load, "ProfilePage") });
const security = createRoute({ getParentRoute: () => layout, path: "/security", component: lazyRouteComponent(load, "SecurityPage") });
const workspace = createRoute({ getParentRoute: () => layout, path: "/workspace", component: lazyRouteComponent(load, "WorkspacePage") });
const team = createRoute({ getParentRoute: () => layout, path: "/team", component: lazyRouteComponent(load, "TeamPage") });
const keys = createRoute({ getParentRoute: () => layout, path: "/keys", component: lazyRouteComponent(load, "KeysPage") });
const labels = createRoute({ getParentRoute: () => layout, path: "/labels", component: lazyRouteComponent(load, "LabelsPage") });
const mail = createRoute({ getParentRoute: () => layout, path: "/mail", component: lazyRouteComponent(load, "MailPage") });

const decisions = () => import("@/features/decisions");
const consent = createRoute({ getParentRoute: () => layout, path: "/consent", component: lazyRouteComponent(decisions, "PolicyPage") });
const joining = createRoute({ getParentRoute: () => layout, path: "/joining", component: lazyRouteComponent(() => import("@/features/consent"), "JoiningPage") });
const rules = createRoute({ getParentRoute: () => layout, path: "/rules", component: lazyRouteComponent(decisions, "RulePacksPage") });
const rule = createRoute({ getParentRoute: () => layout, path: "/rules/$jurisdiction", component: lazyRouteComponent(decisions, "RulePackPage") });

export const settingsRoutes = [layout.addChildren([home, profile, security, workspace, team, keys, labels, mail, consent, joining, rules, rule])];
