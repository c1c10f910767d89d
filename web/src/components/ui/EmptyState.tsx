import { Group, List, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface Props {
  icon?: ReactNode;
  title: string;
  /** What will be here, and why it is worth having. */
  children: ReactNode;
  /** The steps that lead there, in order. */
  steps?: readonly ReactNode[];
  actions?: ReactNode;
  headingOrder?: 1 | 2 | 3;
}

/** A place with nothing in it yet: says what belongs here and how to get it. */
export function EmptyState({ icon, title, children, steps, actions, headingOrder = 2 }: Props) {
  return (
    <Stack align="center" gap="md" className={classes.box}>
      {icon && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <Title order={headingOrder} size="h3" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw="52ch" component="div">
        {children}
      </Text>
      {steps && (
        <List type="ordered" spacing="xs" maw="52ch" className={classes.steps}>
          {steps.map((step, index) => (
            <List.Item key={index}>{step}</List.Item>
          ))}
        </List>
      )}
      {actions && <Group justify="center">{actions}</Group>}
    </Stack>
  );
}
