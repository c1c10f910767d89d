import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import type { Role } from "@/lib/session";
import { invite, TEAM_KEY } from "../api/team";
import { useRoles } from "../hooks/useRoles";

/** Asks a colleague in; ends with the link, for when mail is slow or not set up. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [sent, setSent] = useState<{ email: string; link: string } | null>(null);
  return (
    <Modal opened onClose={onClose} title={t("team.invite")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      {sent ? <Sent {...sent} onClose={onClose} /> : <Ask onSent={setSent} />}
    </Modal>
  );
}

function Ask({ onSent }: { onSent: (sent: { email: string; link: string }) => void }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const roles = useRoles().filter(({ mayGive }) => mayGive);
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: "", role: "agent" } });
  const { error, busy, submit } = useSubmit(form, async (invitation) => {
    const { email, link } = await invite(invitation);
    await queries.invalidateQueries({ queryKey: TEAM_KEY });
    onSent({ email, link });
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

function Sent({ email, link, onClose }: { email: string; link: string; onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Stack>
      <Text role="status">{t("team.sent", { email })}</Text>
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
