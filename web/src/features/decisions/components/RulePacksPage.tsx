import { Badge, Text } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, EmptyState, Loading, PageHeader, Problem, SearchInput, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { fetchPacks, type Confidence, type Pack } from "../api/packs";
import { useWords } from "../hooks/words";
import classes from "./Rules.module.css";

const COLORS: Record<Confidence, string> = { primary: "green", secondary: "blue", uncertain: "yellow" };

export function ConfidenceBadge({ confidence }: { confidence: Confidence }) {
  const { t } = useTranslation("decisions");
  return (
    <Badge variant="light" color={COLORS[confidence]} title={t(`rules.confidenceWhat.${confidence}`)}>
      {t(`rules.confidence.${confidence}`)}
    </Badge>
  );
}

/** Every place we have rules for, countries with their parts below them. */
export function RulePacksPage() {
  const { t } = useTranslation("decisions");
  const { date, locale } = useWords();
  const [search, setSearch] = useState("");
  const { data: packs, error, isPending, refetch } = useQuery({ queryKey: ["rule-packs"], queryFn: ({ signal }) => fetchPacks(signal) });
  const found = sorted((packs ?? []).filter((pack) => fits(pack, search, locale)), locale);
  return (
    <>
      <PageHeader title={t("rules.title")} description={t("rules.description")} back={<Anchor to="/settings/consent" size="sm">{t("policy.title")}</Anchor>} />
      <Problem error={error} retry={() => void refetch()} />
      {isPending && <Loading rows={6} />}
      {packs && (
        <Section title={t("rules.places")} actions={<SearchInput label={t("rules.search")} value={search} onChange={setSearch} />}>
          {found.length === 0 ? (
            <EmptyState icon={<IconScale size={34} />} title={t("rules.none.title")} headingOrder={3}>
              {t("rules.none.text")}
            </EmptyState>
          ) : (
            <ul className={classes.packs}>
              {found.map((pack) => (
                <li key={pack.jurisdiction} data-part={pack.within && !search ? true : undefined}>
                  <span className={classes.packName}>
                    <Anchor to="/settings/rules/$jurisdiction" params={{ jurisdiction: pack.jurisdiction }} fw={550}>
                      {capital(pack.name, locale)}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {t("rules.count", { count: pack.rules, number: formatNumber(pack.rules) })} · {t("rules.checkedOn", { date: date(pack.checked) })}
                    </Text>
                  </span>
                  <ConfidenceBadge confidence={pack.confidence} />
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}
    </>
  );
}

/** “the United Kingdom” begins a line here. */
export const capital = (name: string, locale: string): string => name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);

function fits({ name, jurisdiction, within }: Pack, search: string, locale: string): boolean {
  const wanted = search.trim().toLocaleLowerCase(locale);
  return wanted === "" || [name, jurisdiction, within ?? ""].some((word) => word.toLocaleLowerCase(locale).includes(wanted));
}

/** Countries by name, each followed by its parts; the strict default last. */
function sorted(packs: readonly Pack[], locale: string): Pack[] {
  const names = new Map(packs.map((pack) => [pack.jurisdiction, pack.name]));
  const key = (pack: Pack) => `${pack.jurisdiction === "ZZ" ? "\uffff" : ""}${names.get(pack.within ?? pack.jurisdiction) ?? pack.name}`;
  return packs.toSorted((one, other) => key(one).localeCompare(key(other), locale) || Number(one.within !== null) - Number(other.within !== null) || one.name.localeCompare(other.name, locale));
}
