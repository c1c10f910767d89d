import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { textDirection } from "@/lib/languages";
import classes from "./PhoneFrame.module.css";

export interface Bubble {
  id: string;
  /** `in` = shown at the start side, as received on this phone; `out` = typed on this phone. */
  side: "in" | "out";
  text: string;
  /** Small words below: the time, a tick. */
  note?: ReactNode;
}

interface Props {
  /** Who the phone's owner is talking to: a sender name or number. */
  title: ReactNode;
  bubbles: readonly Bubble[];
  /** Below the bubbles: a composer, on the wall of phones. */
  footer?: ReactNode;
  /** What the picture is, for people who do not see it. */
  label: string;
  /** Shown while there is no bubble. */
  placeholder?: ReactNode;
  width?: number;
}

/** The picture of a phone: a preview while composing, or a phone one can type on. */
export function PhoneFrame({ title, bubbles, footer, label, placeholder, width = 300 }: Props) {
  const log = useRef<HTMLDivElement>(null);
  const last = bubbles.at(-1)?.id;
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight; // phones show the newest
  }, [last, bubbles.length]); // older ones may come after the newest, and stand above it
  return (
    <section className={classes.phone} style={{ width }} aria-label={label}>
      <div className={classes.speaker} aria-hidden />
      <div className={classes.screen}>
        <div className={classes.title}>{title}</div>
        {/* Scrolls, so it must be reachable by keyboard. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div ref={log} className={classes.bubbles} role="log" aria-label={label} tabIndex={0}>
          {bubbles.length === 0 && <div className={classes.placeholder}>{placeholder}</div>}
          {bubbles.map((bubble) => (
            <BubbleView key={bubble.id} bubble={bubble} />
          ))}
        </div>
        {footer && <div className={classes.footer}>{footer}</div>}
      </div>
    </section>
  );
}

function BubbleView({ bubble }: { bubble: Bubble }) {
  const { t } = useTranslation("common");
  return (
    <div className={classes.row} data-side={bubble.side}>
      <VisuallyHidden>{bubble.side === "in" ? t("phone.received") : t("phone.sent")}</VisuallyHidden>
      <p className={classes.bubble} dir={textDirection(bubble.text)}>
        {bubble.text}
      </p>
      {bubble.note && <div className={classes.note}>{bubble.note}</div>}
    </div>
  );
}
