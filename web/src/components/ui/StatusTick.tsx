import { Text, VisuallyHidden } from "@mantine/core";
import { IconAlertCircle, IconBan, IconCheck, IconChecks, IconClock, IconMessage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./StatusTick.module.css";

/** What people see of a message: the API's `shown`. */
export type Shown = "waiting" | "sent" | "delivered" | "read" | "not_delivered" | "not_sent" | "received";

const ICONS = {
  waiting: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  not_delivered: IconAlertCircle,
  not_sent: IconBan,
  received: IconMessage,
};

interface Props {
  shown: Shown;
  /** Show the word beside the tick; otherwise only screen readers and the tooltip have it. */
  withLabel?: boolean;
  /** Why, when it did not go well. */
  reason?: string | null | undefined;
}

/** A message's fate as a tick, never by colour alone. */
export function StatusTick({ shown, withLabel = false, reason }: Props) {
  const { t } = useTranslation("common");
  const Icon = ICONS[shown];
  const label = t(`status.${shown}`);
  const title = reason ? `${label}: ${reason}` : label;
  return (
    <span className={classes.tick} data-shown={shown} title={title}>
      <Icon size={16} stroke={2} aria-hidden className={classes.icon} />
      {withLabel ? <Text span size="sm" inherit>{label}</Text> : <VisuallyHidden>{title}</VisuallyHidden>}
    </span>
  );
}
