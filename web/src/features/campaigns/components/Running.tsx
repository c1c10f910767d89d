import { Alert, Group, Progress, Stack, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Page, PageHeader, Section, StatusTick } from "@/components/ui";
import { formatDateTime, formatNumber, formatPercent } from "@/lib/i18n";
import { formattingLocale } from "@/lib/languages";
import { useWorkspace } from "@/lib/session";
import { previewCampaign } from "../api/campaigns";
import { COUNTED, type Campaign } from "../api/types";
import { planOf } from "../rules/plan";
import { progressOf, waitingOf } from "../rules/progress";
import { Acts } from "./Acts";
import { PhonePreview } from "./PhonePreview";
import { Recipients, type WhyOf } from "./Recipients";
import classes from "./Running.module.css";
import { StateBadge } from "./StateBadge";

const CountsChart = lazy(() => import("./CountsChart"));

const RECIPIENTS = "recipients";

/** A campaign that was started: how far, how well, and everybody it is for. */
export function Running({ campaign, why }: { campaign: Campaign; why: WhyOf }) {
  const { t } = useTranslation("campaigns");
  const { data: preview } = useQuery({ queryKey: ["campaigns", "preview", "shown", campaign.id], queryFn: ({ signal }) => previewCampaign(planOf(campaign), signal), staleTime: Infinity });
  const [reason, setReason] = useState("");
  const choose = (code: string) => {
    setReason(code);
    document.getElementById(RECIPIENTS)?.scrollIntoView({ block: "start" });
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
          <Overview campaign={campaign} />
          {campaign.reasons.length > 0 && <Reasons campaign={campaign} onReason={choose} />}
          <div id={RECIPIENTS}>
            <Recipients campaign={campaign} reason={reason} onReason={setReason} why={why} />
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

function Overview({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const share = progressOf(campaign);
  const counts = { ...campaign.counts, waiting: waitingOf(campaign) };
  return (
    <Section title={t("running.progress")}>
      <Stack>
        <Progress value={share * 100} size="lg" radius="xl" striped={campaign.state === "running"} animated={campaign.state === "running"} aria-label={t("progressOf", { name: campaign.name })} />
        <Text size="sm" c="dimmed" role="status">
          {t("running.share", { share: formatPercent(Math.floor(share * 1000) / 1000), count: campaign.recipients, number: formatNumber(campaign.recipients) })}{" "}
          {campaign.segments > 0 && t("running.parts", { count: campaign.segments, number: formatNumber(campaign.segments) })}
        </Text>
        <dl className={classes.numbers}>
          {COUNTED.map((name) => (
            <div key={name} className={classes.number}>
              <dt>
                <StatusTick shown={name} withLabel />
              </dt>
              <dd>{formatNumber(counts[name])}</dd>
            </div>
          ))}
        </dl>
        <div className={classes.chart}>
          <Suspense fallback={null}>
            <CountsChart counts={counts} />
          </Suspense>
        </div>
      </Stack>
    </Section>
  );
}

function Reasons({ campaign, onReason }: { campaign: Campaign; onReason: (code: string) => void }) {
  const { t } = useTranslation("campaigns");
  return (
    <Section title={t("running.reasons")} description={t("running.reasonsWhat")}>
      <ul className={classes.reasons}>
        {campaign.reasons.map(({ code, message, count }) => (
          <li key={code}>
            <UnstyledButton c="var(--mantine-color-anchor)" td="underline" onClick={() => onReason(code)}>
              {message}
            </UnstyledButton>
            <Text fw={600} component="span">
              {formatNumber(count)}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}
