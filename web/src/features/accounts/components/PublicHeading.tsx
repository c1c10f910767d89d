import { Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

/** The title of a page before the login. */
export function PublicHeading({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Textfirst`;
  }, [title]);
  return (
    <Stack gap={6} mb="lg">
      <Title order={1} size="h2">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" component="div">
          {children}
        </Text>
      )}
    </Stack>
  );
}
