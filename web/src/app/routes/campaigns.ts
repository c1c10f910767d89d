import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: "/campaigns",
  component: lazyRouteComponent(() => import("@/features/campaigns"), "CampaignsPage"),
});

export const campaignRoutes = [page];
