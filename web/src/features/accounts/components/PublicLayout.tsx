import { Group, Paper, Select } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Loading } from "@/components/ui";
import { changeLanguage } from "@/lib/i18n";
import { isLanguage, LANGUAGES } from "@/lib/languages";
import classes from "./PublicLayout.module.css";

/** The frame of the pages before the login: the name, one card, the language. */
export function PublicLayout() {
  return (
    <div className={classes.layout}>
      <header className={classes.brand}>
        <img src="/favicon.svg" alt="" width={36} height={36} />
        <span lang="en">Textfirst</span>
      </header>
      <main className={classes.main}>
        <Paper withBorder radius="lg" p={{ base: "lg", sm: 36 }} className={classes.card}>
          <Suspense fallback={<Loading rows={3} shape="form" />}>
            <Outlet />
          </Suspense>
        </Paper>
      </main>
      <footer className={classes.footer}>
        <LanguageChoice />
      </footer>
    </div>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation("common");
  return (
    <Group justify="center">
      <Select
        aria-label={t("menu.language")}
        value={i18n.language}
        onChange={(code) => void (code && isLanguage(code) && changeLanguage(code))}
        data={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))}
        leftSection={<IconLanguage size={18} aria-hidden />}
        allowDeselect={false}
        w={190}
      />
    </Group>
  );
}
