import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/ui";
import { Sessions } from "./Sessions";
import { TwoSteps } from "./TwoSteps";

export function SecurityPage() {
  const { t } = useTranslation("settings");
  return (
    <>
      <PageHeader title={t("security.title")} description={t("security.description")} />
      <Stack gap="lg">
        <TwoSteps />
        <Sessions />
      </Stack>
    </>
  );
}
