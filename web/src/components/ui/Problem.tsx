import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/lib/errors";
import { ReauthenticationRefused } from "@/lib/reauthentication";

/** A sentence for any error: the server's own, or ours for what only the browser knows. */
export function explain(error: unknown, t: TFunction<"common">): string {
  if (!(error instanceof ApiError)) return t("common:errors.unexpected");
  if (error.code === "rate_limited" && error.retryAfter) return t("common:errors.rateLimitedFor", { count: Math.ceil(error.retryAfter) });
  if (error.message) return error.message;
  const fields = Object.values(error.fields).filter(Boolean).join(" ");
  return fields || t([`common:errors.${error.code}`, "common:errors.unexpected"]);
}

interface Props {
  error: unknown;
  title?: string;
  retry?: () => void;
}

/** Says what went wrong, where it happened, with a way to try again. Renders nothing without an error. */
export function Problem({ error, title, retry }: Props) {
  const { t } = useTranslation("common");
  if (!error || error instanceof ReauthenticationRefused) return null; // who closes the question knows why nothing happened
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title ?? t("errors.title")} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" dir="auto">
          {explain(error, t)}
        </Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("actions.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
