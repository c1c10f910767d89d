import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceLaptop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, Loading, Problem, RelativeTime, Section, showDone } from "@/components/ui";
import { deviceName, isHandheld } from "@/lib/userAgent";
import { endSessions, fetchSessions, SESSIONS_KEY, type BrowserSession } from "../api/sessions";
import classes from "./Lines.module.css";

/** Every browser that is signed in as this person. */
export function Sessions() {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [asking, ask] = useDisclosure(false);
  const sessions = useQuery({ queryKey: SESSIONS_KEY, queryFn: ({ signal }) => fetchSessions(signal) });
  const others = sessions.data?.filter((session) => !session.is_current) ?? [];
  const endOthers = async () => {
    await endSessions(others.map((session) => session.id));
    await queries.invalidateQueries({ queryKey: SESSIONS_KEY });
    showDone(t("sessions.endedOthers"));
  };
  return (
    <Section
      title={t("sessions.title")}
      description={t("sessions.description")}
      actions={
        others.length > 0 && (
          <Button variant="default" onClick={ask.open}>
            {t("sessions.endOthers")}
          </Button>
        )
      }
    >
      {sessions.isPending && <Loading rows={2} />}
      <Problem error={sessions.error} retry={() => void sessions.refetch()} />
      <ul className={classes.lines}>
        {sessions.data?.map((session) => (
          <Line key={session.id} session={session} />
        ))}
      </ul>
      <ConfirmDialog opened={asking} title={t("sessions.endOthers")} confirmLabel={t("sessions.endOthers")} onConfirm={endOthers} onClose={ask.close}>
        {t("sessions.endOthersWhat", { count: others.length })}
      </ConfirmDialog>
    </Section>
  );
}

function Line({ session }: { session: BrowserSession }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const end = useMutation({ mutationFn: () => endSessions([session.id]), onSuccess: () => queries.invalidateQueries({ queryKey: SESSIONS_KEY }) });
  const Icon = isHandheld(session.user_agent) ? IconDeviceMobile : IconDeviceLaptop;
  const device = deviceName(session.user_agent) ?? t("sessions.unknownDevice");
  return (
    <li className={classes.line}>
      <Icon size={22} stroke={1.6} aria-hidden />
      <Stack gap={0} flex={1} miw={0}>
        <Text size="sm" fw={550}>
          <bdi>{device}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          <bdi dir="ltr">{session.ip}</bdi> · {t("sessions.seen")} <RelativeTime at={session.last_seen_at ?? session.created_at} />
        </Text>
        <Problem error={end.error} />
      </Stack>
      <Group>
        {session.is_current ? (
          <Badge variant="light">{t("sessions.thisOne")}</Badge>
        ) : (
          <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate()} aria-label={t("sessions.endOne", { device })}>
            {t("sessions.end")}
          </Button>
        )}
      </Group>
    </li>
  );
}
