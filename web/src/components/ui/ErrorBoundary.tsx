import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/lib/errors";
import { explain } from "./Problem";

interface Props {
  children: ReactNode;
  /** A change of this (the address, say) gives the children another chance. */
  resetKey?: string;
}

/** Keeps a fault in one part from blanking the rest, and says so in words. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.error !== null && previous.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}

/** A chunk that is no longer there: the server was upgraded while this tab was open. */
const isStaleBuild = (error: unknown): boolean => error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation("common");
  const stale = isStaleBuild(error);
  const title = stale ? t("errors.staleTitle") : t("errors.pageTitle");
  return (
    <Stack align="flex-start" gap="sm" p="xl" role="alert">
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text c="dimmed" maw="60ch">
        {stale ? t("errors.stale") : explain(error, t)}
      </Text>
      {error instanceof Error && !(error instanceof ApiError) && !stale && (
        <Code block maw="100%">
          {error.message}
        </Code>
      )}
      <Group>
        {retry && !stale && <Button onClick={retry}>{t("actions.retry")}</Button>}
        <Button variant="default" onClick={() => window.location.reload()}>
          {t("actions.reload")}
        </Button>
      </Group>
    </Stack>
  );
}
