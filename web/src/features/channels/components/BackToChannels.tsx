import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/ui";
import classes from "./BackToChannels.module.css";

export function BackToChannels() {
  const { t } = useTranslation("channels");
  return (
    <LinkButton to="/channels" variant="subtle" size="compact-md" mb="xs" px={0} leftSection={<IconArrowLeft size={16} aria-hidden className={classes.arrow} />}>
      {t("title")}
    </LinkButton>
  );
}
