import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";

const review = createRoute({ getParentRoute: () => shellRoute, path: "/review", component: lazyRouteComponent(() => import("@/features/consent"), "SuspectsPage") });

export const consentRoutes = [review];
