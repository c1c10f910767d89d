import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleOff, IconLoader2, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { RelativeTime } from "@/components/ui";
import type { Health } from "../api/channels";
import classes from "./HealthLine.module.css";

const ICONS = {
  off: IconCircleOff,
  connecting: IconLoader2,
  waiting: IconLoader2,
  bound: IconCircleCheck,
  refused: IconAlertTriangle,
  lost: IconPlugConnectedX,
};

/** A newer server may have states that this page has no sign for. */
const isKnown = (state: string): state is keyof typeof ICONS => state in ICONS;

/** How a channel is doing: a sign, a word, since when, and what the carrier said. */
export function HealthLine({ health }: { health: Health }) {
  const { t } = useTranslation("channels");
  const state = isKnown(health.state) ? health.state : "waiting";
  const Icon = ICONS[state];
  return (
    <Stack gap={2}>
      <span className={classes.line} data-state={state}>
        <Icon size={18} stroke={2} aria-hidden className={classes.icon} />
        <Text span size="sm" fw={550}>
          {t(`health.${state}`)}
        </Text>
        {health.since && (
          <Text span size="sm" c="dimmed">
            · <RelativeTime at={health.since} />
          </Text>
        )}
      </span>
      {health.detail && (
        <Text size="sm" dir="auto" c={health.state === "refused" || health.state === "lost" ? undefined : "dimmed"}>
          {health.detail}
        </Text>
      )}
    </Stack>
  );
}
