import { Stack, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ShareBar, Swatch } from "@/components/ui";
import { formatNumber, formatPercent } from "@/lib/i18n";
import type { Counted, Counts } from "../api/types";
import classes from "./Outcomes.module.css";

/** From the best to the worst, so that a glance at the bar says how it went. */
const IN_ORDER = ["read", "delivered", "sent", "waiting", "not_delivered", "not_sent"] as const satisfies readonly Counted[];

interface Props {
  counts: Counts;
  chosen: string;
  onChoose: (shown: Counted) => void;
}

/** What became of everybody: a bar to look at, and the same as a table whose names lead to those people. */
export function Outcomes({ counts, chosen, onChoose }: Props) {
  const { t } = useTranslation("campaigns");
  const total = IN_ORDER.reduce((sum, name) => sum + counts[name], 0);
  return (
    <Stack gap="sm">
      <ShareBar shares={IN_ORDER.map((name) => ({ key: name, name: t(`common:status.${name}`), count: counts[name], tone: name }))} chosen={chosen} onChoose={(name) => onChoose(name as Counted)} />
      <table className={classes.table}>
        <caption>{t("running.outcomes")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("columns.status")}</th>
            <th scope="col">{t("columns.recipients")}</th>
            <th scope="col">{t("columns.share")}</th>
          </tr>
        </thead>
        <tbody>
          {IN_ORDER.map((name) => (
            <tr key={name} data-none={counts[name] === 0 || undefined}>
              <th scope="row">
                <UnstyledButton className={classes.name} aria-pressed={chosen === name} disabled={counts[name] === 0 && chosen !== name} title={t("running.showThem")} onClick={() => onChoose(name)}>
                  <Swatch tone={name} />
                  {t(`common:status.${name}`)}
                </UnstyledButton>
              </th>
              <td>{formatNumber(counts[name])}</td>
              <td>{total > 0 && formatPercent(Math.round((counts[name] / total) * 1000) / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  );
}
