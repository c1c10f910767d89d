import { Badge, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, RelativeTime, Section } from "@/components/ui";
import { TEAM_KEY, withdrawInvitation, type OpenInvitation } from "../api/team";
import classes from "./Lines.module.css";

/** Invitations nobody has answered yet. */
export function Invitations({ invitations }: { invitations: readonly OpenInvitation[] }) {
  const { t } = useTranslation("settings");
  if (invitations.length === 0) return null;
  return (
    <Section title={t("invitations.title")}>
      <ul className={classes.lines}>
        {invitations.map((invitation) => (
          <Line key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ invitation }: { invitation: OpenInvitation }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const withdraw = useMutation({ mutationFn: () => withdrawInvitation(invitation.id), onSuccess: () => queries.invalidateQueries({ queryKey: TEAM_KEY }) });
  return (
    <li className={classes.line}>
      <Stack gap={0} flex="1 1 12rem" miw={0}>
        <Text size="sm" fw={550} truncate>
          <bdi dir="ltr">{invitation.email}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {t("invitations.endsAt")} <RelativeTime at={invitation.expires_at} />
        </Text>
        <Problem error={withdraw.error} />
      </Stack>
      <Badge variant="light" color="gray">
        {t(`common:roles.${invitation.role}`)}
      </Badge>
      <Button variant="default" size="sm" loading={withdraw.isPending} onClick={() => withdraw.mutate()} aria-label={t("invitations.withdrawOne", { email: invitation.email })}>
        {t("invitations.withdraw")}
      </Button>
    </li>
  );
}
