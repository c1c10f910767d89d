import { Button, Group, VisuallyHidden } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { explain, StatusTick } from "@/components/ui";
import { formatTime } from "@/lib/i18n";
import type { Sending } from "../rules/sending";
import { Why } from "./DayView";
import { SafeText } from "./SafeText";
import classes from "./Thread.module.css";

interface Props {
  sending: Sending;
  retry: (sending: Sending) => void;
  discard: (sending: Sending) => void;
}

/** A text the server has not answered for yet, or would not take. */
export function SendingView({ sending, retry, discard }: Props) {
  const { t } = useTranslation("inbox");
  const failed = sending.error !== null;
  return (
    <div className={classes.run} data-side="out">
      <div className={classes.bubble} data-bad={failed || undefined}>
        <VisuallyHidden>{t("thread.weSaid")}</VisuallyHidden>
        <SafeText text={sending.text} />
        <div className={classes.meta}>
          <time dateTime={sending.at.toISOString()}>{formatTime(sending.at)}</time>
          <StatusTick shown={failed ? "not_sent" : "waiting"} />
        </div>
      </div>
      {failed && (
        <div role="alert">
          <Why icon={<IconAlertCircle size={15} aria-hidden />}>
            {t("common:status.not_sent")}: {explain(sending.error, t as never)}
          </Why>
          <Group gap={4} justify="flex-end">
            <Button size="compact-xs" variant="light" onClick={() => retry(sending)}>
              {t("common:actions.retry")}
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => discard(sending)}>
              {t("common:actions.remove")}
            </Button>
          </Group>
        </div>
      )}
    </div>
  );
}
