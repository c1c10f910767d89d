import { Alert, Stack } from "@mantine/core";
import { IconDeviceMobile, IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState, LinkButton, Loading, Page, PageHeader, Problem } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { useAtLeast, useMe } from "@/lib/session";
import { CHANNELS_KEY, fetchChannels, type Channel } from "../api/channels";
import { ChannelCard } from "./ChannelCard";

export function ChannelsPage() {
  const { t } = useTranslation("channels");
  const navigate = useNavigate();
  const isAdmin = useAtLeast("admin");
  const channels = useQuery({ queryKey: [...CHANNELS_KEY, "all"], queryFn: ({ signal }) => fetchChannels(signal) });
  useCommands(isAdmin ? [{ id: "channels.new", label: t("add"), group: t("title"), keywords: "SMPP", run: () => void navigate({ to: "/channels/new" }) }] : []);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          isAdmin && (
            <LinkButton to="/channels/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {t("add")}
            </LinkButton>
          )
        }
      />
      {channels.isPending && <Loading shape="cards" rows={2} />}
      <Problem error={channels.error} retry={() => void channels.refetch()} />
      {channels.data && <List channels={channels.data} mayAdd={isAdmin} />}
    </Page>
  );
}

function List({ channels, mayAdd }: { channels: readonly Channel[]; mayAdd: boolean }) {
  const { t } = useTranslation("channels");
  const { live } = useMe();
  const hasReal = channels.some((channel) => channel.kind !== "simulator");
  return (
    <Stack gap="md">
      {!live && channels.length > 0 && <PracticeNotice />}
      {channels.map((channel) => (
        <ChannelCard key={channel.id} channel={channel} />
      ))}
      {!hasReal && (
        <EmptyState
          icon={<IconPlugConnected size={34} />}
          title={t("empty.title")}
          steps={[t("empty.step1"), t("empty.step2"), t("empty.step3")]}
          actions={mayAdd && <LinkButton to="/channels/new">{t("add")}</LinkButton>}
        >
          {t("empty.text")}
        </EmptyState>
      )}
    </Stack>
  );
}

/** Nothing sent now reaches a real phone: said before somebody waits for it in vain. */
function PracticeNotice() {
  const { t } = useTranslation("channels");
  return (
    <Alert color="petrol" variant="light" icon={<IconDeviceMobile aria-hidden />} title={t("practice.title")}>
      <Stack align="flex-start" gap="xs">
        {t("practice.text")}
        <LinkButton to="/phones" size="xs" variant="default">
          {t("practice.phones")}
        </LinkButton>
      </Stack>
    </Alert>
  );
}
