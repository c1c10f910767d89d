import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { CampaignSearch, NewCampaignSearch } from "@/features/campaigns";
import { shellRoute } from "./root";
import { flag, words } from "./search";

const load = () => import("@/features/campaigns");

const list = createRoute({ getParentRoute: () => shellRoute, path: "/campaigns", component: lazyRouteComponent(load, "CampaignsPage") });

const add = createRoute({
  getParentRoute: () => shellRoute,
  path: "/campaigns/new",
  validateSearch: (search: Record<string, unknown>): NewCampaignSearch => words(search, "list"),
  component: lazyRouteComponent(load, "NewCampaignPage"),
});

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: "/campaigns/$campaignId",
  validateSearch: (search: Record<string, unknown>): CampaignSearch => flag(search, "send"),
  component: lazyRouteComponent(() => import("../screens/CampaignScreen"), "CampaignScreen"),
});

export const campaignRoutes = [list, add, one];
