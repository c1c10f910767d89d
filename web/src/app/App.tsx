import { DirectionProvider, MantineProvider, localStorageColorSchemeManager, useDirection } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Suspense, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary";
import { directionOf } from "@/lib/languages";
import { queryClient } from "@/lib/query";
import { Reauthentication } from "./Reauthentication";
import { router } from "./router";
import { cssVariables, worded } from "./theme";

const colorScheme = localStorageColorSchemeManager({ key: "textfirst.scheme" });

export function App() {
  const theme = useWordedTheme();
  return (
    <DirectionProvider initialDirection={document.documentElement.dir === "rtl" ? "rtl" : "ltr"}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorScheme} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <FollowLanguage />
          <Notifications position="bottom-left" zIndex={400} />
          <Suspense fallback={null}>
            <ErrorBoundary>
              <RouterProvider router={router} />
              <Reauthentication />
            </ErrorBoundary>
          </Suspense>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

/** The theme with the words that components say by themselves to screen readers, in the language on screen. */
function useWordedTheme() {
  const { t } = useTranslation("common");
  return useMemo(() => worded({ close: t("actions.close"), showPassword: t("actions.showPassword") }), [t]);
}

/** Mirrors the screen when the language on it changes. */
function FollowLanguage() {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(directionOf(i18n.language)), [i18n.language, setDirection]);
  return null;
}
