export { CampaignsPage } from "./components/CampaignsPage";
export { CampaignPage, NewCampaignPage, type NewCampaignSearch } from "./components/CampaignPage";
export type { CampaignSearch } from "./components/Editor";
