import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import type { Role } from "@/lib/session";
import { invite, TEAM_KEY, type Invited } from "../api/team";
import { useRoles } from "../hooks/useRoles";

/** Asks a colleague in; ends with the link, for when mail is slow or not set up. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [sent, setSent] = useState<Invited | null>(null);
  return (
    <Modal opened onClose={onClose} title={t("team.invite")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      {sent ? <Sent invited={sent} onClose={onClose} /> : <Ask onSent={setSent} />}
    </Modal>
  );
}

function Ask({ onSent }: { onSent: (sent: Invited) => void }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const roles = useRoles().filter(({ mayGive }) => mayGive);
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: "", role: "agent" } });
  const { error, busy, submit } = useSubmit(form, async (invitation) => {
    const invited = await invite(invitation);
    await queries.invalidateQueries({ queryKey: TEAM_KEY });
    onSent(invited);
  });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        <TextInput label={t("team.email")} type="email" dir="ltr" required data-autofocus {...form.getInputProps("email")} />
        <Radio.Group label={t("team.role")} {...form.getInputProps("role")}>
          <Stack gap="xs" mt="xs">
            {roles.map(({ value, label, what }) => (
              <Radio key={value} value={value} label={label} description={what} />
            ))}
          </Stack>
        </Radio.Group>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {t("team.send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Sent({ invited: { email, link, mailed }, onClose }: { invited: Invited; onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Stack>
      <Text role="status">{mailed ? t("team.mailed", { email }) : t("team.notMailed", { email })}</Text>
      <TextInput label={t("team.link")} value={link} readOnly dir="ltr" onFocus={(event) => event.currentTarget.select()} />
      <Group justify="flex-end">
        <CopyButton value={link} />
        <Button onClick={onClose} data-autofocus>
          {t("common:actions.close")}
        </Button>
      </Group>
    </Stack>
  );
}
