import { Button, Checkbox, Divider, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { LANGUAGES } from "@/lib/languages";
import { countryChoices, deviceTimeZone, likelyCountry, timeZoneChoices } from "@/lib/places";
import { createFirstWorkspace } from "../api/setup";
import { useEnter } from "../hooks/useEnter";
import { PublicHeading } from "./PublicHeading";

/** The first visit: makes the owner and the workspace. The page is gone afterwards. */
export function SetupPage() {
  const { t, i18n } = useTranslation("accounts");
  const enter = useEnter();
  const form = useForm({
    initialValues: {
      workspace_name: "",
      country: likelyCountry(),
      time_zone: deviceTimeZone(),
      language: i18n.language,
      name: "",
      email: "",
      password: "",
      demo: true,
    },
  });
  const { error, busy, submit } = useSubmit(form, async (setup) => {
    await createFirstWorkspace(setup);
    enter();
  });
  return (
    <>
      <PublicHeading title={t("setup.title")}>{t("setup.text")}</PublicHeading>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <WorkspaceFields form={form} />
          <Divider label={t("setup.you")} labelPosition="left" />
          <TextInput label={t("yourName")} autoComplete="name" required {...form.getInputProps("name")} />
          <TextInput label={t("email")} type="email" autoComplete="username" dir="ltr" required {...form.getInputProps("email")} />
          <PasswordInput label={t("password")} description={t("passwordHint")} autoComplete="new-password" required {...form.getInputProps("password")} />
          <Checkbox label={t("setup.demo")} description={t("setup.demoWhat")} {...form.getInputProps("demo", { type: "checkbox" })} />
          <Problem error={error} />
          <Button type="submit" size="md" loading={busy}>
            {t("setup.submit")}
          </Button>
        </Stack>
      </form>
    </>
  );
}

type SetupForm = ReturnType<typeof useForm<{ workspace_name: string; country: string; time_zone: string; language: string; name: string; email: string; password: string; demo: boolean }>>;

function WorkspaceFields({ form }: { form: SetupForm }) {
  const { t, i18n } = useTranslation("accounts");
  const countries = useMemo(countryChoices, [i18n.language]);
  const zones = useMemo(timeZoneChoices, []);
  return (
    <>
      <TextInput label={t("setup.workspace")} description={t("setup.workspaceWhat")} autoComplete="organization" required autoFocus {...form.getInputProps("workspace_name")} />
      <Select label={t("setup.country")} description={t("setup.countryWhat")} data={countries} searchable allowDeselect={false} required {...form.getInputProps("country")} />
      <Select label={t("setup.timeZone")} data={zones} searchable allowDeselect={false} required limit={80} {...form.getInputProps("time_zone")} />
      <Select
        label={t("setup.language")}
        data={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))}
        allowDeselect={false}
        required
        {...form.getInputProps("language")}
      />
    </>
  );
}
