import { Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/i18n";

/** What the server says of a text before it is sent. */
export interface Measured {
  segments: number;
  encoding: string;
  /** Characters of the encoding used, and left in the last part. */
  units: number;
  units_left: number;
  /** Characters that do not fit the 7-bit alphabet and turn the whole text into Unicode, where a part holds 70 and not 160. */
  forced: readonly { char: string; name: string; position: number }[];
}

/** As many names as help; more of them would fill the screen. */
const NAMED = 3;

/** How many parts a text takes, how it is encoded, and which character made it dearer. */
export function TextMeter({ measured, id }: { measured: Measured | undefined; id?: string }) {
  const { t } = useTranslation("texting");
  return (
    <div id={id}>
      <Group gap="sm" mih={22}>
        {measured && measured.units > 0 && <Counts measured={measured} />}
      </Group>
      {measured && measured.forced.length > 0 && (
        <Text size="xs" c="dimmed" component="div">
          <IconAlertTriangle size={13} aria-hidden style={{ verticalAlign: "-2px", marginInlineEnd: 4 }} />
          {t("meter.forced", { characters: characters(measured), count: distinct(measured).length })}
        </Text>
      )}
    </div>
  );
}

function Counts({ measured }: { measured: Measured }) {
  const { t } = useTranslation("texting");
  return (
    <>
      <Text size="xs" fw={600} role="status">
        {t("meter.segments", { count: measured.segments, number: formatNumber(measured.segments) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t("meter.left", { count: measured.units_left, number: formatNumber(measured.units_left) })}
      </Text>
      <Text size="xs" c="dimmed">
        {measured.encoding === "gsm7" ? t("meter.gsm7") : t("meter.unicode")}
      </Text>
    </>
  );
}

const distinct = (measured: Measured) => [...new Map(measured.forced.map((one) => [one.char, one])).values()];

/** “’ (right single quotation mark), ш …”: isolated, so that a right-to-left letter does not turn the sentence around. */
function characters(measured: Measured): string {
  const all = distinct(measured);
  const named = all.slice(0, NAMED).map(({ char, name }) => `\u2068${char}\u2069${name ? ` (\u2068${name.toLowerCase()}\u2069)` : ""}`);
  return named.join(", ") + (all.length > NAMED ? "…" : "");
}
