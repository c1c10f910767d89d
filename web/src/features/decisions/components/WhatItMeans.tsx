import { Badge, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading, Problem, Section } from "@/components/ui";
import { useWorkspace } from "@/lib/session";
import { previewPolicy, type Asked, type Policy, type PolicyPreview, type Purpose } from "../api/policy";
import { useWords } from "../hooks/words";
import { daysOf } from "../rules/plot";
import { RuleLink } from "./RuleLink";
import classes from "./Policy.module.css";
import { WeekPlot } from "./WeekPlot";

/** One of each class that the law knows apart, as people name it. */
const SHOWN: readonly Purpose[] = ["promotion", "reminder", "notice", "support"];
const PAUSE_MS = 400;
const NUMBER = "number";

/** What all of it comes to, for somebody of a country or with a certain number. */
export function WhatItMeans({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const { country: nameOf } = useWords();
  const { country: own } = useWorkspace();
  const served = policy.countries.length > 0 ? policy.countries : [own];
  const [purpose, setPurpose] = useState<Purpose>("promotion");
  const [place, setPlace] = useState("");
  const [number, setNumber] = useState("");
  const [typed] = useDebouncedValue(number.trim(), PAUSE_MS);
  const country = served.includes(place) ? place : (served[0] ?? own);
  const byNumber = place === NUMBER;
  const asked: Asked = byNumber ? { purpose, to: typed } : { purpose, country };
  const preview = useQuery({
    queryKey: ["policy-preview", asked],
    queryFn: ({ signal }) => previewPolicy(asked, signal),
    enabled: !byNumber || typed.length > 4,
    placeholderData: keepPreviousData,
  });
  return (
    <Section title={t("means.title")} description={t("means.description")}>
      <Stack>
        <SegmentedControl className={classes.purposes} aria-label={t("means.purpose")} value={purpose} onChange={(value) => setPurpose(value as Purpose)} data={SHOWN.map((value) => ({ value, label: t(`means.purposes.${value}`) }))} />
        <Group align="flex-end">
          <NativeSelect label={t("means.who")} value={byNumber ? NUMBER : country} onChange={(event) => setPlace(event.currentTarget.value)} data={[...served.map((code) => ({ value: code, label: nameOf(code) })), { value: NUMBER, label: t("means.withNumber") }]} />
          {byNumber && <TextInput type="tel" dir="ltr" label={t("means.number")} placeholder="+44 7700 900123" value={number} onChange={(event) => setNumber(event.currentTarget.value)} />}
        </Group>
        <Problem error={preview.error} retry={() => void preview.refetch()} />
        {preview.isPending && !preview.error && (!byNumber || typed.length > 4) && <Loading rows={3} />}
        {preview.data && <Told preview={preview.data} busy={preview.isFetching} />}
      </Stack>
    </Section>
  );
}

function Told({ preview, busy }: { preview: PolicyPreview; busy: boolean }) {
  const { t } = useTranslation("decisions");
  const { date, locale } = useWords();
  const named = (day: string) => new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
  const days = daysOf(preview.week).map(({ date: day, spans }) => ({ key: day, name: named(day) || date(day), spans }));
  return (
    <Stack aria-busy={busy}>
      <div role="status">
        {preview.sentences.map((sentence) => (
          <Text key={sentence}>{sentence}</Text>
        ))}
      </div>
      {days.length > 0 && <WeekPlot days={days} label={t("means.week")} />}
      {preview.rules.length > 0 && (
        <div>
          <Title order={3} className={classes.small}>
            {t("means.rules")}
          </Title>
          <ul className={classes.rules}>
            {preview.rules.map((rule) => (
              <li key={rule.id}>
                <span>{rule.sentence}</span>{" "}
                <Badge variant="light" color={rule.law ? "petrol" : "gray"} size="sm">
                  {rule.law ? t("means.law") : t("means.courtesy")}
                </Badge>
                <RuleLink rule={rule.id} version={rule.version} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}
