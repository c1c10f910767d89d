import { Group, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import classes from "./PageHeader.module.css";

interface Props {
  title: string;
  /** One sentence on what the page is for. */
  description?: ReactNode;
  /** Buttons at the end of the line. */
  actions?: ReactNode;
  /** A way back, above the title. */
  back?: ReactNode;
}

/** The page's one `h1`. It names the browser tab, and takes the focus after navigation so that screen readers say where we are. */
export function PageHeader({ title, description, actions, back }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Textfirst`;
  }, [title]);
  useEffect(() => {
    const nothingFocused = document.activeElement === null || document.activeElement === document.body;
    if (nothingFocused) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className={classes.header}>
      {back && (
        <div className={classes.back}>
          <IconArrowLeft size={16} aria-hidden className={classes.arrow} />
          {back}
        </div>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className={classes.words}>
          <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </Title>
          {description && (
            <Text c="dimmed" mt={4} maw="65ch" component="div">
              {description}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </header>
  );
}
