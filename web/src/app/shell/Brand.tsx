import { Group, Text } from "@mantine/core";

/** The mark and the name; the name is the same in every language. */
export function Brand({ size = 30 }: { size?: number }) {
  return (
    <Group gap={10} px={6} wrap="nowrap">
      <img src="/favicon.svg" alt="" width={size} height={size} />
      <Text fw={700} fz={size * 0.6} lts="-0.02em" lang="en">
        Textfirst
      </Text>
    </Group>
  );
}
