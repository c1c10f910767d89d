import { useTranslation } from "react-i18next";
import { DAY, type Span } from "../rules/week";
import { useWords } from "../hooks/words";
import classes from "./WeekPlot.module.css";

/** One day of the picture: its name, and when it is open. */
export interface PlottedDay {
  key: string;
  name: string;
  spans: readonly Span[];
}

const MARKS = [0, 6, 12, 18, 24];

/** When a week is open, as bars of 24 hours. Each bar is told in words for those who do not see it. */
export function WeekPlot({ days, label }: { days: readonly PlottedDay[]; label: string }) {
  const { t } = useTranslation("decisions");
  const { clock, list } = useWords();
  const told = ({ name, spans }: PlottedDay) =>
    spans.length === 0 ? t("week.closedOn", { day: name }) : t("week.openOn", { day: name, spans: list(spans.map(({ opens, closes }) => t("week.span", { opens: clock(opens), closes: clock(closes) }))) });
  return (
    <div className={classes.plot}>
      <ul className={classes.days} aria-label={label}>
        {days.map((day) => (
          <li key={day.key} className={classes.day} title={told(day)}>
            <span className={classes.told}>{told(day)}</span>
            <span className={classes.name} aria-hidden>
              {day.name}
            </span>
            <span className={classes.bar} aria-hidden>
              {day.spans.map(({ opens, closes }) => (
                <span key={opens} className={classes.open} style={{ left: `${(opens / DAY) * 100}%`, width: `${((closes - opens) / DAY) * 100}%` }} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div className={classes.axis} aria-hidden>
        {MARKS.map((hour) => (
          <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
            {hour}
          </span>
        ))}
      </div>
    </div>
  );
}
