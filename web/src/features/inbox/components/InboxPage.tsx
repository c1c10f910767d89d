import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/ui";

export function InboxPage() {
  const { t } = useTranslation("inbox");
  return (
    <Page>
      <PageHeader title={t("title")} />
    </Page>
  );
}
