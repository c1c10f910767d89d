import { PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PageHeader, Section, showDone } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { changeLanguage } from "@/lib/i18n";
import { isLanguage, LANGUAGES } from "@/lib/languages";
import { ME_KEY, useMe } from "@/lib/session";
import { changePassword, saveProfile } from "../api/profile";
import { SaveBar } from "./SaveBar";

export function ProfilePage() {
  const { t } = useTranslation("settings");
  return (
    <>
      <PageHeader title={t("profile.title")} description={t("profile.description")} />
      <Stack gap="lg">
        <Person />
        <Password />
      </Stack>
    </>
  );
}

function Person() {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const { user } = useMe();
  const form = useForm({ initialValues: { name: user.name, language: user.language } });
  const { error, busy, submit } = useSubmit(form, async (change) => {
    await saveProfile(change);
    await queries.invalidateQueries({ queryKey: ME_KEY });
    if (isLanguage(change.language)) await changeLanguage(change.language);
    form.resetDirty();
    showDone(t("common:actions.saved"));
  });
  return (
    <Section title={t("profile.person")}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("profile.name")} description={t("profile.nameWhat")} autoComplete="name" required {...form.getInputProps("name")} />
          <TextInput label={t("profile.email")} value={user.email} dir="ltr" readOnly disabled />
          <Select
            label={t("profile.language")}
            data={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))}
            allowDeselect={false}
            {...form.getInputProps("language")}
          />
          <SaveBar error={error} busy={busy} disabled={!form.isDirty()} />
        </Stack>
      </form>
    </Section>
  );
}

function Password() {
  const { t } = useTranslation("settings");
  const { user } = useMe();
  const form = useForm({ initialValues: { current_password: "", new_password: "" } });
  const { error, busy, submit } = useSubmit(form, async (change) => {
    await changePassword(change);
    form.reset();
    showDone(t("password.changed"));
  });
  return (
    <Section title={t("password.title")}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          {/* Tells password managers whose password this is. */}
          <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
          <PasswordInput label={t("password.current")} autoComplete="current-password" required {...form.getInputProps("current_password")} />
          <PasswordInput label={t("password.new")} description={t("password.hint")} autoComplete="new-password" required {...form.getInputProps("new_password")} />
          <SaveBar error={error} busy={busy} label={t("password.submit")} />
        </Stack>
      </form>
    </Section>
  );
}
