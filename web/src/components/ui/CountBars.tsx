import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { formatNumber } from "@/lib/i18n";
import classes from "./CountBars.module.css";

export interface CountBar {
  key: string;
  label: string;
  count: number;
  /** Beside the label: a link, for example. */
  more?: ReactNode;
}

interface Props {
  bars: readonly CountBar[];
  chosen?: string;
  /** Makes every label a button. */
  onChoose?: (key: string) => void;
}

/** Things that are counted, each with a bar as long as its number is large. */
export function CountBars({ bars, chosen = "", onChoose }: Props) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <ul className={classes.bars}>
      {bars.map(({ key, label, count, more }) => (
        <li key={key} data-chosen={chosen === key || undefined}>
          <span>
            {onChoose ? (
              <UnstyledButton className={classes.label} aria-pressed={chosen === key} onClick={() => onChoose(key)}>
                {label}
              </UnstyledButton>
            ) : (
              label
            )}{" "}
            {more}
          </span>
          <span className={classes.count}>{formatNumber(count)}</span>
          <span className={classes.track} aria-hidden>
            <span style={{ width: `${(count / most) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
