import { Badge, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loading, Problem, Section } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { EXEMPTIONS_KEY, fetchExemptions, type Exemption } from "../api/exemptions";
import type { Policy } from "../api/policy";
import { useChange } from "../hooks/usePolicy";
import classes from "./Policy.module.css";
import { SourceName } from "./RuleLink";

const COLORS = { held: "teal", checked: "teal", yours: "yellow" } as const;

/** What some may do without asking for consent: said in plain words, with all its conditions and who sees to each. */
export function ExemptionsSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const { data, error, isPending, refetch } = useQuery({ queryKey: EXEMPTIONS_KEY, queryFn: ({ signal }) => fetchExemptions(signal) });
  return (
    <div id="exemptions">
      <Section title={t("exemptions.title")} description={t("exemptions.description")}>
        {isPending && <Loading rows={2} />}
        <Problem error={error} retry={() => void refetch()} />
        <ul className={classes.lines}>{data?.map((one) => <Line key={one.id} one={one} policy={policy} />)}</ul>
      </Section>
    </div>
  );
}

function Line({ one, policy }: { one: Exemption; policy: Policy }) {
  const { t } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const { changeNow, error, busy } = useChange(policy);
  const relied = one.rules.every((rule) => policy.relies_on.includes(rule));
  const others = policy.relies_on.filter((rule) => !one.rules.includes(rule));
  return (
    <li>
      <Stack gap="xs">
        <Switch label={t("exemptions.rely", { name: one.name })} checked={relied} disabled={!mayChange || busy} onChange={(event) => changeNow("relies_on", event.currentTarget.checked ? [...others, ...one.rules] : others)} />
        <Text size="sm">{one.means}</Text>
        <Text size="sm" fw={600}>
          {t("exemptions.conditions")}
        </Text>
        <ul className={classes.rules}>
          {one.conditions.map(({ text, kept }) => (
            <li key={text}>
              {text}{" "}
              <Badge component="span" size="sm" variant="light" color={COLORS[kept]} tt="none">
                {t(`exemptions.kept.${kept}`)}
              </Badge>
            </li>
          ))}
        </ul>
        <Text size="xs" c="dimmed" component="div">
          {t("exemptions.written")}{" "}
          {one.sources.map((source) => (
            <SourceName key={source.name} name={source.name} url={source.url} />
          ))}
        </Text>
        <Problem error={error} />
      </Stack>
    </li>
  );
}
