import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { previewText } from "../api/messages";

/** Quick enough to feel live, slow enough not to ask at each key. */
const PAUSE_MS = 250;

/** What the server says of a text while it is typed; the last answer stays until the next. */
export function useMeasured(text: string, contact: string | null) {
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["preview", contact, settled],
    queryFn: ({ signal }) => previewText(settled, contact, signal),
    enabled: settled.trim() !== "",
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
  return text.trim() === "" ? undefined : data;
}
