import { Group, Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Grey shapes in the form of what is coming; `rows` lines of a list, or a form's fields. */
export function Loading({ rows = 6, shape = "rows" }: { rows?: number; shape?: "rows" | "form" | "cards" }) {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-busy>
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Stack gap={shape === "rows" ? "xs" : "lg"} aria-hidden>
        {Array.from({ length: rows }, (_, index) => (
          <Shape key={index} shape={shape} />
        ))}
      </Stack>
    </div>
  );
}

function Shape({ shape }: { shape: "rows" | "form" | "cards" }) {
  if (shape === "cards") return <Skeleton height={112} radius="lg" />;
  if (shape === "rows") {
    return (
      <Group wrap="nowrap" py="xs">
        <Skeleton height={36} circle />
        <Stack gap={6} flex={1}>
          <Skeleton height={12} width="35%" />
          <Skeleton height={10} width="70%" />
        </Stack>
      </Group>
    );
  }
  return (
    <Stack gap={6}>
      <Skeleton height={12} width={120} />
      <Skeleton height={40} maw={480} />
    </Stack>
  );
}
