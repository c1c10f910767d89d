import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/ui";

export function PhonesPage() {
  const { t } = useTranslation("phones");
  return (
    <Page>
      <PageHeader title={t("title")} />
    </Page>
  );
}
