import { IconMapSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState, LinkButton } from "@/components/ui";

export function NotFound() {
  const { t } = useTranslation("common");
  return (
    <main>
      <EmptyState headingOrder={1} icon={<IconMapSearch size={34} />} title={t("notFound.title")} actions={<LinkButton to="/">{t("notFound.home")}</LinkButton>}>
        {t("notFound.text")}
      </EmptyState>
    </main>
  );
}
