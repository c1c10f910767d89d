import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loading, PageHeader, Problem } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { useAtLeast } from "@/lib/session";
import { fetchTeam, TEAM_KEY } from "../api/team";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { Members } from "./Members";

export function TeamPage() {
  const { t } = useTranslation("settings");
  const isAdmin = useAtLeast("admin");
  const [inviting, invite] = useDisclosure(false);
  const team = useQuery({ queryKey: [...TEAM_KEY, "settings"], queryFn: ({ signal }) => fetchTeam(signal) });
  useCommands(isAdmin ? [{ id: "team.invite", label: t("team.invite"), group: t("team.title"), run: invite.open }] : []);
  return (
    <>
      <PageHeader
        title={t("team.title")}
        description={t("team.description")}
        actions={
          isAdmin && (
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={invite.open}>
              {t("team.invite")}
            </Button>
          )
        }
      />
      {team.isPending && <Loading rows={3} />}
      <Problem error={team.error} retry={() => void team.refetch()} />
      {team.data && (
        <Stack gap="lg">
          <Members members={team.data.members} />
          {isAdmin && <Invitations invitations={team.data.invitations} />}
        </Stack>
      )}
      {inviting && <InviteDialog onClose={invite.close} />}
    </>
  );
}
