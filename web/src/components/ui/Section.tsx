import { Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  order?: 2 | 3;
}

/** A titled card: one topic of a page. */
export function Section({ title, description, actions, children, order = 2 }: Props) {
  return (
    <Paper component="section" withBorder radius="lg" p={{ base: "md", sm: "lg" }}>
      <Group justify="space-between" align="flex-start" mb={children ? "md" : 0}>
        <div style={{ flex: "1 1 16rem" }}>
          <Title order={order} size="h4">
            {title}
          </Title>
          {description && (
            <Text c="dimmed" size="sm" mt={2} maw="65ch" component="div">
              {description}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
