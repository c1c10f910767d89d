import { Badge, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Loading, PageHeader, Problem, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { fetchPack, packKey, WEEKDAYS, type PackDetail, type Rule } from "../api/packs";
import { useWords } from "../hooks/words";
import { spansOf } from "../rules/week";
import { SourceName } from "./RuleLink";
import { capital, ConfidenceBadge } from "./RulePacksPage";
import classes from "./Rules.module.css";
import { WeekPlot } from "./WeekPlot";

/** One place: what its rules say, when people may be reached, and where that is written. */
export function RulePackPage() {
  const { t } = useTranslation("decisions");
  const { locale } = useWords();
  const { jurisdiction } = useParams({ from: "/shell/settings/rules/$jurisdiction" });
  const [version, setVersion] = useState<number | null>(null);
  const { data: pack, error, refetch } = useQuery({ queryKey: packKey(jurisdiction, version), queryFn: ({ signal }) => fetchPack(jurisdiction, version, signal) });
  return (
    <>
      <PageHeader title={pack ? capital(pack.name, locale) : t("rules.title")} description={t("rules.noAdvice")} back={<Anchor to="/settings/rules" size="sm">{t("rules.title")}</Anchor>} />
      <Problem error={error} retry={() => void refetch()} />
      {!pack && !error && <Loading shape="cards" rows={2} />}
      {pack && (
        <Stack gap="lg">
          <About pack={pack} onVersion={setVersion} />
          {pack.rules.map((rule) => (
            <RuleView key={rule.id} rule={rule} />
          ))}
          {pack.holidays.length > 0 && <Holidays pack={pack} />}
        </Stack>
      )}
    </>
  );
}

function About({ pack, onVersion }: { pack: PackDetail; onVersion: (version: number) => void }) {
  const { t } = useTranslation("decisions");
  const { date, country } = useWords();
  return (
    <Group gap="sm" align="center">
      <ConfidenceBadge confidence={pack.confidence} />
      <Text size="sm" c="dimmed">
        {t("rules.checkedOn", { date: date(pack.checked) })}
      </Text>
      {pack.versions.length > 1 ? (
        <NativeSelect aria-label={t("rules.version")} value={String(pack.version)} onChange={(event) => onVersion(Number(event.currentTarget.value))} data={pack.versions.map((one) => ({ value: String(one), label: t("rules.versionNumber", { number: formatNumber(one) }) }))} />
      ) : (
        <Text size="sm" c="dimmed">
          {t("rules.versionNumber", { number: formatNumber(pack.version) })}
        </Text>
      )}
      {pack.within && (
        <Text size="sm">
          {t("rules.alsoOf")}{" "}
          <Anchor to="/settings/rules/$jurisdiction" params={{ jurisdiction: pack.within }}>
            {country(pack.within)}
          </Anchor>
        </Text>
      )}
      {pack.regions_differ && <Text size="sm">{t("rules.regionsDiffer")}</Text>}
    </Group>
  );
}

function RuleView({ rule }: { rule: Rule }) {
  const { t } = useTranslation("decisions");
  const { day, list, clock } = useWords();
  const week = rule.week;
  const named = (name: string) => t(`rules.classes.${name}`);
  const courtesy = rule.classes.filter((name) => !rule.law.includes(name));
  return (
    <div id={rule.id}>
      <Section title={t(`rules.about.${rule.kind}`, { kinds: list(rule.kinds.map((kind) => t(`kinds.${kind}`))) })} actions={rule.effect && <Badge variant="light" color={rule.effect === "block" ? "red" : "yellow"}>{t(`rules.effects.${rule.effect}`)}</Badge>}>
        <Stack gap="sm">
          <Text>{rule.sentence}</Text>
          {week && <WeekPlot label={t("rules.week")} days={WEEKDAYS.map((name) => ({ key: name, name: day(name, "long"), spans: spansOf(week[name]) }))} />}
          <ul className={classes.facts}>
            {rule.law.length > 0 && <li>{t("rules.byLaw", { classes: list(rule.law.map(named)) })}</li>}
            {rule.kind !== "hours" && <li>{t("rules.for", { classes: list(rule.classes.map(named)) })}</li>}
            {rule.permits.length > 0 && <li>{t("rules.permits", { kinds: list(rule.permits.map((kind) => t(`permissions.${kind}`))) })}</li>}
            {rule.kind === "hours" && courtesy.length > 0 && <li>{t("rules.unasked", { classes: list(courtesy.map(named)) })}</li>}
            {rule.on_holidays && <li>{rule.on_holidays.length === 0 ? t("rules.holidaysClosed") : t("rules.holidaysOpen", { spans: list(spansOf(rule.on_holidays).map(({ opens, closes }) => t("week.span", { opens: clock(opens), closes: clock(closes) }))) })}</li>}
            {rule.margin_minutes !== null && rule.margin_minutes > 0 && <li>{t("rules.margin", { count: rule.margin_minutes, number: formatNumber(rule.margin_minutes) })}</li>}
          </ul>
          <Sources rule={rule} />
        </Stack>
      </Section>
    </div>
  );
}

function Sources({ rule }: { rule: Rule }) {
  const { t } = useTranslation("decisions");
  const { date } = useWords();
  return (
    <div>
      <Title order={3} className={classes.small}>
        {t("rules.sources")}
      </Title>
      <ul className={classes.sources}>
        {rule.sources.map((source) => (
          <li key={source.name}>
            <SourceName name={source.name} url={source.url} /> <ConfidenceBadge confidence={source.confidence} />{" "}
            <Text size="xs" c="dimmed" component="span">
              {t("rules.checkedOn", { date: date(source.checked) })}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt={6}>
        {t("rules.name")} <bdi dir="ltr">{rule.id}</bdi>
      </Text>
    </div>
  );
}

function Holidays({ pack }: { pack: PackDetail }) {
  const { t } = useTranslation("decisions");
  const { date } = useWords();
  return (
    <Section title={t("rules.holidays")} description={t("rules.holidaysWhat")}>
      <ul className={classes.holidays}>
        {pack.holidays.map((holiday) => (
          <li key={`${holiday.date} ${holiday.name}`}>
            <span>{holiday.name}</span>
            <time dateTime={holiday.date}>{date(holiday.date)}</time>
          </li>
        ))}
      </ul>
    </Section>
  );
}
