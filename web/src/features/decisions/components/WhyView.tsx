import { Stack, Text, Title } from "@mantine/core";
import { IconBan, IconCheck, IconClock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatDateTime, withDates } from "@/lib/i18n";
import type { Because, Verdict, Why } from "../api/why";
import { Clock } from "./Clock";
import { RuleLink } from "./RuleLink";
import classes from "./Why.module.css";

const ICONS = { allow: IconCheck, defer: IconClock, block: IconBan };

interface Props {
  why: Why;
  /** Leads to the entry of the ledger that the permission rests on. */
  consent?: ((entry: string) => ReactNode) | undefined;
}

/** A decision told to somebody who is no lawyer: what was decided, why, by what clocks, and what was decided later. */
export function WhyView({ why, consent }: Props) {
  const { t } = useTranslation("decisions");
  return (
    <Stack gap="lg">
      <Head decided={why} />
      <Reasons title={t("why.reasons")} reasons={why.reasons.filter((reason) => saysMore(reason, why))} />
      {why.reasons.length + why.channel.reasons.length === 0 && <Text size="sm">{t("why.nothingMore")}</Text>}
      {why.consent_entry_id && consent?.(why.consent_entry_id)}
      {why.local_times.length > 0 && (
        <section>
          <Title order={3} className={classes.title}>
            {why.until ? t("why.clocksThen") : t("why.clocks")}
          </Title>
          <div className={classes.clocks}>
            {why.local_times.map(({ zone, at }) => (
              <Clock key={zone} zone={zone} at={at} />
            ))}
          </div>
        </section>
      )}
      <Reasons title={t("why.channel")} reasons={why.channel.reasons} />
      {why.later.length > 0 && <Later later={why.later} />}
    </Stack>
  );
}

/** The headline is not said twice, unless the rule it comes from stands below it. */
const saysMore = (reason: Because, { headline }: Verdict): boolean => reason.message !== headline.message || reason.facts.rule !== undefined;

function Head({ decided }: { decided: Verdict }) {
  const { t } = useTranslation("decisions");
  const Icon = ICONS[decided.verdict];
  return (
    <div className={classes.head} data-verdict={decided.verdict}>
      <span className={classes.icon}>
        <Icon size={22} aria-hidden />
      </span>
      <div>
        <Text fw={650}>{t(`why.verdicts.${decided.verdict}`)}</Text>
        <Text>{withDates(decided.headline.message)}</Text>
        {decided.until && (
          <Text size="sm">{t("why.until", { at: formatDateTime(new Date(decided.until)) })}</Text>
        )}
        <Text size="xs" className={classes.quiet}>
          {t("why.decidedAt", { at: formatDateTime(new Date(decided.at)) })}
        </Text>
      </div>
    </div>
  );
}

function Reasons({ title, reasons }: { title: string; reasons: readonly Because[] }) {
  if (reasons.length === 0) return null;
  return (
    <section>
      <Title order={3} className={classes.title}>
        {title}
      </Title>
      <ul className={classes.reasons}>
        {reasons.map((reason, index) => (
          <li key={index}>
            <span>{withDates(reason.message)}</span>
            {reason.facts.rule?.includes(".") && <RuleLink rule={reason.facts.rule} version={reason.facts.version ?? null} told={reason.facts.source} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Later({ later }: { later: readonly Verdict[] }) {
  const { t } = useTranslation("decisions");
  return (
    <section>
      <Title order={3} className={classes.title}>
        {t("why.later")}
      </Title>
      <ol className={classes.later}>
        {later.map((one) => (
          <li key={one.at}>
            <details>
              <summary>
                <time dateTime={one.at}>{formatDateTime(new Date(one.at))}</time>: {t(`why.verdicts.${one.verdict}`)}. {one.headline.message}
              </summary>
              <ul className={classes.reasons}>
                {one.reasons.map((reason, index) => (
                  <li key={index}>{withDates(reason.message)}</li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
