import { Paper } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { LanguageSelect, Loading } from "@/components/ui";
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
        <LanguageSelect width={190} />
      </footer>
    </div>
  );
}
