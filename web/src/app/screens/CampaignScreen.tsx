import { CampaignPage } from "@/features/campaigns";
import { whyOf } from "./meeting";

/** A campaign with the reasons that the decisions feature draws. */
export function CampaignScreen() {
  return <CampaignPage why={whyOf} />;
}
