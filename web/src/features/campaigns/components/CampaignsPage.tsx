import { Group, Progress, Text } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Anchor, DataTable, EmptyState, LinkButton, Page, PageHeader, RelativeTime, type Column } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { formatDateTime, formatNumber, formatPercent } from "@/lib/i18n";
import { useCursorPages } from "@/lib/paging";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import { fetchCampaigns } from "../api/campaigns";
import type { Campaign } from "../api/types";
import { progressOf } from "../rules/progress";
import { StateBadge } from "./StateBadge";

export function CampaignsPage() {
  const { t } = useTranslation("campaigns");
  const navigate = useNavigate();
  const mayCreate = useAtLeast("admin");
  const pages = useCursorPages(["campaigns", "list"], fetchCampaigns);
  const create = () => void navigate({ to: "/campaigns/new" });
  useShortcuts(mayCreate ? [{ keys: "n", label: t("create"), group: t("title"), run: create }] : []);
  useCommands(mayCreate ? [{ id: "campaigns.new", label: t("create"), group: t("title"), keys: "n", run: create }] : []);
  const button = mayCreate && <LinkButton to="/campaigns/new">{t("create")}</LinkButton>;
  const columns: Column<Campaign>[] = [
    { id: "name", header: t("columns.name"), cell: (campaign) => <NameCell campaign={campaign} /> },
    { id: "state", header: t("columns.state"), cell: (campaign) => <StateBadge state={campaign.state} /> },
    { id: "progress", header: t("columns.progress"), hideOnPhone: true, width: "28%", cell: (campaign) => <ProgressCell campaign={campaign} /> },
    { id: "recipients", header: t("columns.recipients"), align: "end", hideOnPhone: true, cell: (campaign) => (campaign.recipients > 0 ? formatNumber(campaign.recipients) : "") },
    { id: "when", header: t("columns.when"), align: "end", hideOnPhone: true, cell: (campaign) => <When campaign={campaign} /> },
  ];
  return (
    <Page>
      <PageHeader title={t("title")} description={t("description")} actions={button} />
      <DataTable
        label={t("title")}
        columns={columns}
        pages={pages}
        rowId={(campaign) => campaign.id}
        rowLabel={(campaign) => campaign.name}
        onOpen={(campaign) => void navigate({ to: "/campaigns/$campaignId", params: { campaignId: campaign.id } })}
        empty={
          <EmptyState icon={<IconSpeakerphone size={34} />} title={t("empty.title")} steps={[t("empty.step1"), t("empty.step2"), t("empty.step3")]} actions={button}>
            {t("empty.text")}
          </EmptyState>
        }
      />
    </Page>
  );
}

function NameCell({ campaign }: { campaign: Campaign }) {
  return (
    <Anchor to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} fw={550}>
      <bdi>{campaign.name}</bdi>
    </Anchor>
  );
}

function ProgressCell({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  if (campaign.state === "draft" || campaign.recipients === 0) return null;
  const share = progressOf(campaign);
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress value={share * 100} flex={1} aria-label={t("progressOf", { name: campaign.name })} />
      <Text size="sm" c="dimmed" miw={44} ta="end">
        {formatPercent(Math.floor(share * 100) / 100)}
      </Text>
    </Group>
  );
}

function When({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  if (campaign.state === "scheduled" && campaign.scheduled_at) {
    return (
      <Text size="sm" component="span">
        {t("starts", { at: formatDateTime(new Date(campaign.scheduled_at)) })}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed" component="span">
      <RelativeTime at={campaign.finished_at ?? campaign.started_at ?? campaign.created_at} />
    </Text>
  );
}
