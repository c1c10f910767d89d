import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, ConfirmDialog, Page, PageHeader, Problem, Section, showDone } from "@/components/ui";
import { useWorkspace } from "@/lib/session";
import { campaignKey, changeCampaign, createCampaign, deleteCampaign, previewCampaign } from "../api/campaigns";
import { fetchChannels } from "../api/choices";
import type { Campaign, Plan } from "../api/types";
import { hasAudience, isReady, planOf } from "../rules/plan";
import { instantOf, localOf } from "../rules/time";
import { AudiencePicker } from "./AudiencePicker";
import classes from "./Editor.module.css";
import { PhonePreview } from "./PhonePreview";
import { SendDialog } from "./SendDialog";
import { TextEditor } from "./TextEditor";

export interface CampaignSearch {
  /** The dialog before sending. */
  send?: true | undefined;
}

interface Props {
  /** null until it is saved the first time. */
  campaign: Campaign | null;
  initial: Plan;
}

/** The purposes people choose from; codes, support and urgent texts are sent one by one. */
const PURPOSES = ["promotion", "greeting", "feedback", "reminder", "appointment", "notice", "staff"] as const;

const PAUSE_MS = 400;

/** Whom, what and by which channel, with the result on a phone beside it. */
export function Editor({ campaign, initial }: Props) {
  const { t } = useTranslation("campaigns");
  const [plan, setPlan] = useState(initial);
  const navigate = useNavigate();
  const { send }: CampaignSearch = useSearch({ strict: false });
  const change = (part: Partial<Plan>) => setPlan((known) => ({ ...known, ...part }));
  const { save, remove, busy, error } = useSaving(campaign, plan, setPlan);
  const dirty = JSON.stringify(plan) !== JSON.stringify(initial);
  const leaving = useLeaveGuard(dirty && !busy);
  const preview = usePreview(plan);
  const show = (id: string, asks: true | undefined) => void navigate({ to: "/campaigns/$campaignId", params: { campaignId: id }, search: { send: asks }, replace: true, ignoreBlocker: true });
  const keep = async () => {
    const saved = await save();
    if (!saved) return;
    if (!campaign) show(saved.id, undefined);
    showDone(t("editor.saved"));
  };
  const review = async () => {
    const saved = dirty || !campaign ? await save() : campaign;
    if (saved) show(saved.id, true);
  };
  return (
    <Page>
      <PageHeader title={campaign ? campaign.name : t("create")} description={t("editor.description")} back={<Anchor to="/campaigns" size="sm">{t("title")}</Anchor>} />
      <div className={classes.columns}>
        <Stack>
          <Section title={t("editor.basics")}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput label={t("fields.name")} description={t("fields.nameHint")} dir="auto" value={plan.name} onChange={(event) => change({ name: event.currentTarget.value })} />
              <NativeSelect label={t("fields.purpose")} description={t(`purposeHints.${plan.purpose}`)} value={plan.purpose} onChange={(event) => change({ purpose: event.currentTarget.value })} data={PURPOSES.map((value) => ({ value, label: t(`purposes.${value}`) }))} />
              <ChannelChoice value={plan.channel_id} onChange={(channel_id) => change({ channel_id })} />
              <EventField value={plan.anchor} onChange={(anchor) => change({ anchor })} />
            </SimpleGrid>
          </Section>
          <Section title={t("audience.title")} description={t("audience.description")}>
            <AudiencePicker audience={plan.audience} onChange={(audience) => change({ audience })} preview={hasAudience(plan.audience) ? preview.data : undefined} busy={preview.isFetching} />
          </Section>
          <Section title={t("text.title")} description={t("text.description")}>
            <TextEditor text={plan.text} onChange={(text) => change({ text })} preview={plan.text ? preview.data : undefined} />
          </Section>
          <Problem error={error ?? preview.error} />
          <div className={classes.bar}>
            <Group gap="xs">
              <Button variant="default" loading={busy} disabled={plan.name.trim() === "" || !dirty} onClick={() => void keep()}>
                {t("editor.save")}
              </Button>
              {campaign && <Deleting name={campaign.name} remove={remove} />}
            </Group>
            <Group gap="sm">
              {!isReady(plan) && (
                <Text size="sm" c="dimmed">
                  {t("editor.needs")}
                </Text>
              )}
              <Button disabled={!isReady(plan) || busy} onClick={() => void review()}>
                {t("editor.review")}
              </Button>
            </Group>
          </div>
        </Stack>
        <PhonePreview preview={preview.data} text={plan.text} />
      </div>
      {campaign && send && <SendDialog campaign={campaign} onClose={() => show(campaign.id, undefined)} />}
      <ConfirmDialog opened={leaving.asking} title={t("editor.leave")} confirmLabel={t("editor.leaveAnyway")} onConfirm={async () => leaving.leave()} onClose={leaving.stay}>
        {t("editor.leaveWhat")}
      </ConfirmDialog>
    </Page>
  );
}

function ChannelChoice({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation("campaigns");
  const { data: channels = [] } = useQuery({ queryKey: ["channels", "choices"], queryFn: ({ signal }) => fetchChannels(signal) });
  return (
    <NativeSelect
      label={t("fields.channel")}
      description={t("fields.channelHint")}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      data={[{ value: "", label: t("fields.anyChannel") }, ...channels.filter((channel) => channel.enabled).map(({ id, name, address }) => ({ value: id, label: address ? `${name} (\u2066${address}\u2069)` : name }))]}
    />
  );
}

/** The event that it is about; nothing in it, none. */
function EventField({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const { t } = useTranslation("campaigns");
  const { time_zone: timeZone } = useWorkspace();
  return (
    <TextInput
      type="datetime-local"
      label={t("fields.anchor")}
      description={t("fields.anchorHint", { zone: `\u2066${timeZone.replaceAll("_", " ")}\u2069` })}
      value={value === null ? "" : localOf(new Date(value), timeZone)}
      onChange={(event) => onChange(instantOf(event.currentTarget.value, timeZone)?.toISOString() ?? null)}
    />
  );
}

function Deleting({ name, remove }: { name: string; remove: () => Promise<void> }) {
  const { t } = useTranslation("campaigns");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("editor.delete")}
      </Button>
      <ConfirmDialog opened={asking} title={t("editor.deleteQuestion", { name })} confirmLabel={t("common:actions.delete")} onConfirm={remove} onClose={() => setAsking(false)}>
        {t("editor.deleteWhat")}
      </ConfirmDialog>
    </>
  );
}

function usePreview(plan: Plan) {
  const [{ text, audience, purpose, channel_id }] = useDebouncedValue(plan, PAUSE_MS);
  const asked = { text, audience, purpose, channel_id };
  return useQuery({
    queryKey: ["campaigns", "preview", asked],
    queryFn: ({ signal }) => previewCampaign(asked, signal),
    enabled: hasAudience(audience) || text.trim() !== "",
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

/** Saves the plan; the first time this makes the campaign. */
function useSaving(campaign: Campaign | null, plan: Plan, setPlan: (change: (known: Plan) => Plan) => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const made = useRef<Campaign | null>(campaign);
  const save = async (): Promise<Campaign | null> => {
    setBusy(true);
    setError(null);
    try {
      const saved = await (made.current ? changeCampaign(made.current.id, plan) : createCampaign(plan));
      made.current = saved;
      setPlan((known) => (known === plan ? planOf(saved) : known));
      queries.setQueryData(campaignKey(saved.id), saved);
      void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
      return saved;
    } catch (refused) {
      setError(refused);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    if (!made.current) return;
    await deleteCampaign(made.current.id);
    void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
    void navigate({ to: "/campaigns", ignoreBlocker: true });
  };
  return { save, remove, busy, error };
}

/** Asks before unsaved work is left behind. */
function useLeaveGuard(dirty: boolean) {
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  const asking = blocker.status === "blocked";
  return { asking, leave: () => blocker.proceed?.(), stay: () => blocker.reset?.() };
}
