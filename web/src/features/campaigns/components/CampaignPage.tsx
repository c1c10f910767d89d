import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Loading, Page, PageHeader, Problem } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { campaignKey, fetchCampaign } from "../api/campaigns";
import { emptyPlan, planOf } from "../rules/plan";
import { Editor } from "./Editor";
import type { WhyOf } from "./Recipients";
import { Running } from "./Running";

export interface NewCampaignSearch {
  /** A list to begin with. */
  list?: string | undefined;
}

export function NewCampaignPage() {
  const { list }: NewCampaignSearch = useSearch({ from: "/shell/campaigns/new" });
  return <Editor campaign={null} initial={emptyPlan(list)} />;
}

/** A draft to work on, or what became of it. */
export function CampaignPage({ why }: { why: WhyOf }) {
  const { t } = useTranslation("campaigns");
  const { campaignId } = useParams({ from: "/shell/campaigns/$campaignId" });
  const mayEdit = useAtLeast("admin");
  const { data: campaign, error, refetch } = useQuery({ queryKey: campaignKey(campaignId), queryFn: ({ signal }) => fetchCampaign(campaignId, signal) });
  if (campaign?.state === "draft" && mayEdit) return <Editor key={campaign.id} campaign={campaign} initial={planOf(campaign)} />;
  if (campaign) return <Running campaign={campaign} why={why} />;
  return (
    <Page>
      <PageHeader title={t("title")} />
      {error ? <Problem error={error} retry={() => void refetch()} /> : <Loading shape="form" />}
    </Page>
  );
}
