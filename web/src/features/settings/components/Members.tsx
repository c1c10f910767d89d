import { Avatar, Badge, Button, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, Problem, RelativeTime, Section, showDone, showUndo } from "@/components/ui";
import { useAtLeast, useMe, useWorkspace, type Role } from "@/lib/session";
import { changeRole, removeMember, TEAM_KEY, type Member } from "../api/team";
import { useRoles } from "../hooks/useRoles";
import classes from "./Lines.module.css";

/** Who belongs to the workspace, and as what. */
export function Members({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation("settings");
  return (
    <Section title={t("team.members", { count: members.length })}>
      <ul className={classes.lines}>
        {members.map((member) => (
          <Line key={member.id} member={member} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const { user, role: mine } = useMe();
  const isAdmin = useAtLeast("admin");
  const isMe = member.user_id === user.id;
  const mayChange = isAdmin && (member.role !== "owner" || mine === "owner");
  return (
    <li className={classes.line}>
      <Avatar name={member.name} color="petrol" radius="xl" aria-hidden />
      <Stack gap={0} flex="1 1 12rem" miw={0}>
        <Text size="sm" fw={550}>
          {member.name} {isMe && <Badge variant="light" color="gray" size="sm">{t("team.you")}</Badge>}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          <bdi dir="ltr">{member.email}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {member.last_seen_at ? <>{t("sessions.seen")} <RelativeTime at={member.last_seen_at} /></> : t("team.neverSeen")}
        </Text>
      </Stack>
      {mayChange && !isMe ? <Controls member={member} /> : <Badge variant="light" color="gray">{t(`common:roles.${member.role}`)}</Badge>}
      {isMe && <Leave member={member} />}
    </li>
  );
}

/** Out of the workspace, by oneself. The server keeps the last owner from it. */
function Leave({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const { name } = useWorkspace();
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    await removeMember(member.id);
    window.location.assign("/");
  };
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("team.leave")}
      </Button>
      <ConfirmDialog opened={asking} title={t("team.leaveTitle", { workspace: name })} confirmLabel={t("team.leave")} onConfirm={leave} onClose={() => setAsking(false)}>
        {t("team.leaveWhat")}
      </ConfirmDialog>
    </>
  );
}

function Controls({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const roles = useRoles();
  const refresh = () => queries.invalidateQueries({ queryKey: TEAM_KEY });
  const change = useMutation({ mutationFn: (role: Role) => changeRole(member.id, role), onSuccess: refresh });
  const choose = (role: Role) =>
    change.mutate(role, {
      onSuccess: () => showUndo({ message: t("team.roleChanged", { name: member.name, role: t(`common:roles.${role}`) }), undo: () => change.mutate(member.role) }),
    });
  const remove = async () => {
    await removeMember(member.id);
    await refresh();
    showDone(t("team.removed", { name: member.name }));
  };
  return (
    <>
      <Select
        aria-label={t("team.roleOf", { name: member.name })}
        data={roles.map(({ value, label, mayGive }) => ({ value, label, disabled: !mayGive }))}
        value={member.role}
        onChange={(role) => role && role !== member.role && choose(role as Role)}
        allowDeselect={false}
        w={160}
      />
      <Button variant="subtle" color="red" onClick={() => setRemoving(true)} aria-label={t("team.removeOne", { name: member.name })}>
        {t("common:actions.remove")}
      </Button>
      <Problem error={change.error} />
      <ConfirmDialog opened={removing} title={t("team.removeOne", { name: member.name })} confirmLabel={t("common:actions.remove")} onConfirm={remove} onClose={() => setRemoving(false)}>
        {t("team.removeWhat")}
      </ConfirmDialog>
    </>
  );
}
