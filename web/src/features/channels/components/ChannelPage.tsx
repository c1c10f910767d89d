import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Anchor, ConfirmDialog, Loading, Page, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { ME_KEY, useAtLeast } from "@/lib/session";
import { changeChannel, CHANNELS_KEY, fetchChannel, removeChannel, type Channel, type ChannelDraft } from "../api/channels";
import { useKinds } from "../hooks/useKinds";
import { CarrierLine } from "./CarrierLine";
import { ChannelForm } from "./ChannelForm";
import { EnabledSwitch } from "./EnabledSwitch";
import { HealthLine } from "./HealthLine";
import { HookLine } from "./HookLine";
import { PutAside } from "./PutAside";

export function ChannelPage() {
  const { t } = useTranslation("channels");
  const { channelId } = useParams({ from: "/shell/channels/$channelId" });
  const channel = useQuery({ queryKey: [...CHANNELS_KEY, channelId], queryFn: ({ signal }) => fetchChannel(channelId, signal) });
  return (
    <Page width="narrow">
      <PageHeader title={channel.data?.name ?? t("one")} back={<Anchor to="/channels" size="sm">{t("title")}</Anchor>} />
      {channel.isPending && <Loading shape="form" rows={4} />}
      <Problem error={channel.error} retry={() => void channel.refetch()} />
      {channel.data && <Content channel={channel.data} />}
    </Page>
  );
}

function Content({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const isAdmin = useAtLeast("admin");
  return (
    <Stack gap="lg">
      <Section title={t("health.title")} actions={isAdmin && <EnabledSwitch channel={channel} />}>
        <HealthLine health={channel.health} />
      </Section>
      <CarrierLine channel={channel} />
      {channel.hook_url && <HookLine url={channel.hook_url} />}
      {isAdmin && <PutAside channelId={channel.id} />}
      {isAdmin && <Settings channel={channel} />}
      {isAdmin && <Remove channel={channel} />}
    </Stack>
  );
}

function Settings({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const kinds = useKinds();
  const kind = kinds.data?.find((one) => one.kind === channel.kind);
  const save = async (draft: ChannelDraft) => {
    await changeChannel(channel.id, draft);
    showDone(t("common:actions.saved"));
  };
  if (kinds.isPending) return <Loading shape="form" rows={4} />;
  if (kinds.error) return <Problem error={kinds.error} retry={() => void kinds.refetch()} />;
  return kind && <ChannelForm kind={kind} channel={channel} save={save} />;
}

function Remove({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, ask] = useDisclosure(false);
  const remove = async () => {
    await removeChannel(channel.id);
    await navigate({ to: "/channels" });
    queries.removeQueries({ queryKey: [...CHANNELS_KEY, channel.id] });
    await queries.invalidateQueries({ queryKey: CHANNELS_KEY });
    await queries.invalidateQueries({ queryKey: ME_KEY });
    showDone(t("remove.done", { name: channel.name }));
  };
  return (
    <Section
      title={t("remove.title")}
      description={t("remove.what")}
      actions={
        <Button variant="light" color="red" onClick={ask.open}>
          {t("remove.submit")}
        </Button>
      }
    >
      <ConfirmDialog opened={asking} title={t("remove.ask", { name: channel.name })} confirmLabel={t("remove.submit")} onConfirm={remove} onClose={ask.close}>
        {t("remove.what")}
      </ConfirmDialog>
    </Section>
  );
}
