import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const load = () => import("@/features/channels");

const list = createRoute({ getParentRoute: () => shellRoute, path: "/channels", component: lazyRouteComponent(load, "ChannelsPage") });

const add = createRoute({ getParentRoute: () => shellRoute, path: "/channels/new", component: lazyRouteComponent(load, "NewChannelPage") });

const edit = createRoute({ getParentRoute: () => shellRoute, path: "/channels/$channelId", component: lazyRouteComponent(load, "ChannelPage") });

export const channelRoutes = [list, add, edit];
