import { Alert, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, CountBars, Page, PageHeader, Section } from "@/components/ui";
import { formatDateTime, formatNumber, formatPercent } from "@/lib/i18n";
import { formattingLocale } from "@/lib/languages";
import { useWorkspace } from "@/lib/session";
import { previewCampaign } from "../api/campaigns";
import type { Campaign, Counted } from "../api/types";
import { planOf } from "../rules/plan";
import { isUnderWay, progressOf, waitingOf } from "../rules/progress";
import { Acts } from "./Acts";
import { Outcomes } from "./Outcomes";
import { PhonePreview } from "./PhonePreview";
import { EVERYBODY, Recipients, type Only, type WhyOf } from "./Recipients";
import classes from "./Running.module.css";
import { StateBadge } from "./StateBadge";

const RECIPIENTS = "recipients";

/** A campaign that was started: how far, how well, and everybody it is for. */
export function Running({ campaign, why }: { campaign: Campaign; why: WhyOf }) {
  const { t } = useTranslation("campaigns");
  const { data: preview } = useQuery({ queryKey: ["campaigns", "preview", "shown", campaign.id], queryFn: ({ signal }) => previewCampaign(planOf(campaign), signal), staleTime: Infinity });
  const [only, setOnly] = useState<Only>(EVERYBODY);
  /** Those of one outcome or reason; pressed again, everybody. */
  const choose = (part: Partial<Only>) => {
    const next = { ...EVERYBODY, ...part };
    const again = next.shown === only.shown && next.reason === only.reason;
    setOnly(again ? EVERYBODY : next);
    if (!again) document.getElementById(RECIPIENTS)?.scrollIntoView({ block: "start" });
  };
  return (
    <Page>
      <PageHeader
        title={campaign.name}
        description={<Line campaign={campaign} />}
        back={<Anchor to="/campaigns" size="sm">{t("title")}</Anchor>}
        actions={<Acts campaign={campaign} />}
      />
      <div className={classes.columns}>
        <Stack>
          {campaign.problem && (
            <Alert color="red" variant="light" role="alert" title={t("running.problem")}>
              {campaign.problem.message}
            </Alert>
          )}
          <Overview campaign={campaign} chosen={only.shown} onChoose={(shown) => choose({ shown })} />
          {campaign.reasons.length > 0 && (
            <Section title={t("running.reasons")} description={t("running.reasonsWhat")}>
              <CountBars bars={campaign.reasons.map(({ code, message, count }) => ({ key: code, label: message, count }))} chosen={only.reason} onChoose={(reason) => choose({ reason })} />
            </Section>
          )}
          <div id={RECIPIENTS}>
            <Recipients campaign={campaign} only={only} onOnly={setOnly} why={why} />
          </div>
        </Stack>
        <PhonePreview preview={preview} text={campaign.text} />
      </div>
    </Page>
  );
}

function Line({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation("campaigns");
  const zone = useWorkspace().time_zone;
  return (
    <Group gap="xs">
      <StateBadge state={campaign.state} />
      {campaign.state === "scheduled" && campaign.scheduled_at && (
        <span>{t("running.startsAt", { at: inZone(campaign.scheduled_at, zone, i18n.language), zone: `\u2066${zone.replaceAll("_", " ")}\u2069` })}</span>
      )}
      {campaign.finished_at ? <span>{t("running.finished", { at: formatDateTime(new Date(campaign.finished_at)) })}</span> : campaign.started_at && <span>{t("running.started", { at: formatDateTime(new Date(campaign.started_at)) })}</span>}
    </Group>
  );
}

const inZone = (at: string, timeZone: string, language: string): string => new Date(at).toLocaleString(formattingLocale(language), { timeZone, dateStyle: "medium", timeStyle: "short" });

function Overview({ campaign, chosen, onChoose }: { campaign: Campaign; chosen: string; onChoose: (shown: Counted) => void }) {
  const { t } = useTranslation("campaigns");
  const share = progressOf(campaign);
  return (
    <Section title={t("running.outcomes")}>
      <Stack>
        <Outcomes counts={{ ...campaign.counts, waiting: waitingOf(campaign) }} chosen={chosen} onChoose={onChoose} />
        {isUnderWay(campaign.state) && <Progress value={share * 100} size="sm" radius="xl" striped={campaign.state === "running"} animated={campaign.state === "running"} aria-label={t("progressOf", { name: campaign.name })} />}
        <Text size="sm" c="dimmed" role="status">
          {t("running.share", { share: formatPercent(Math.floor(share * 1000) / 1000), count: campaign.recipients, number: formatNumber(campaign.recipients) })}{" "}
          {campaign.segments > 0 && t("running.parts", { count: campaign.segments, number: formatNumber(campaign.segments) })}
        </Text>
      </Stack>
    </Section>
  );
}
