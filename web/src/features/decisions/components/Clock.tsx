import { cityOf, useWords } from "../hooks/words";
import classes from "./Clock.module.css";

/** What a clock on the wall of that zone shows: a small picture for the eye, the time beside it for everybody. */
export function Clock({ zone, at }: { zone: string; at: string }) {
  const words = useWords();
  const [hours, minutes] = timeThere(at, zone);
  return (
    <span className={classes.clock} title={zone}>
      <svg viewBox="0 0 40 40" width={34} height={34} aria-hidden className={hours >= 6 && hours < 18 ? classes.day : classes.night}>
        <circle cx={20} cy={20} r={18} />
        <line x1={20} y1={20} x2={20} y2={11} transform={`rotate(${(hours % 12) * 30 + minutes / 2} 20 20)`} className={classes.hour} />
        <line x1={20} y1={20} x2={20} y2={6} transform={`rotate(${minutes * 6} 20 20)`} />
      </svg>
      <span>
        <time dateTime={at} className={classes.time}>
          {words.weekdayThere(at, zone)} {words.onTheWall(at, zone)}
        </time>
        <bdi className={classes.zone}>{cityOf(zone)}</bdi>
      </span>
    </span>
  );
}

function timeThere(at: string, timeZone: string): [number, number] {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" }).formatToParts(new Date(at));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return [part("hour"), part("minute")];
}
