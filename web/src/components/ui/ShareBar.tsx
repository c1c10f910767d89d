import { useTranslation } from "react-i18next";
import { formatNumber, formatPercent } from "@/lib/i18n";
import classes from "./ShareBar.module.css";
import type { Shown } from "./StatusTick";

/** A part of a whole, in the colour and pattern of what it means. */
export interface Share {
  key: string;
  name: string;
  count: number;
  tone: Shown;
}

interface Props {
  shares: readonly Share[];
  /** The key of the part that is looked at; the others step back. */
  chosen?: string;
  onChoose?: (key: string) => void;
}

/** A whole and its parts as one bar. Whoever draws it lists the same parts in words, with the same acts, so screen readers and keys skip it. */
export function ShareBar({ shares, chosen = "", onChoose }: Props) {
  const { t } = useTranslation("common");
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={classes.bar} aria-hidden>
      {shares
        .filter(({ count }) => count > 0)
        .map(({ key, name, count, tone }) => (
          <span
            key={key}
            aria-hidden
            className={classes.part}
            data-tone={tone}
            data-back={(chosen !== "" && chosen !== key) || undefined}
            data-opens={onChoose ? true : undefined}
            style={{ flexGrow: count }}
            title={t("share", { name, number: formatNumber(count), share: formatPercent(count / total) })}
            onClick={() => onChoose?.(key)}
          />
        ))}
    </div>
  );
}

/** The colour and pattern of a part, beside its name. */
export function Swatch({ tone }: { tone: Shown }) {
  return <span className={classes.swatch} data-tone={tone} aria-hidden />;
}
