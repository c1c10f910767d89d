import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API, http } from "@/lib/http";
import { fetchPhone, fetchPhones, fetchSimulators, typeOnPhone } from "../api/phones";
import type { Note, PhoneWithTexts } from "../api/types";
import { moveToFront, withChanged, type Wall } from "../rules/wall";
import { phoneKey, PHONES, wallKey } from "./keys";
import { Line, type LineState } from "./line";

export const useSimulators = () => useQuery({ queryKey: ["channels", "simulators"], queryFn: ({ signal }) => fetchSimulators(signal) });

export function useWall(channel: string, search: string) {
  const query = useInfiniteQuery({
    queryKey: wallKey(channel, search),
    queryFn: ({ pageParam, signal }) => fetchPhones(channel, search, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const phones = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { ...query, phones: [...new Map(phones.map((phone) => [phone.address, phone])).values()], total: query.data?.pages[0]?.total ?? 0 };
}

export const usePhone = (channel: string, address: string) => useQuery({ queryKey: phoneKey(channel, address), queryFn: ({ signal }) => fetchPhone(channel, address, signal) });

/** Types a text on a phone: it shows at once, from the answer; the live line tells of what follows. */
export function useTyping(channel: string) {
  const queries = useQueryClient();
  return async (address: string, text: string) => {
    const { text: typed, bound, ...phone } = await typeOnPhone(channel, address, text);
    apply(queries, channel, { kind: "phones.changed", phones: [{ ...phone, changed: [typed] }] });
    return { bound };
  };
}

/** Keeps the wall in step with the simulator while it shows. */
export function usePhonesLine(channel: string): LineState {
  const queries = useQueryClient();
  const [state, setState] = useState<LineState>("connecting");
  useEffect(() => {
    const line = new Line(worldOf(channel), {
      note: (note) => apply(queries, channel, note),
      fresh: () => void queries.invalidateQueries({ queryKey: [...PHONES, channel] }),
      state: setState,
    });
    line.start();
    return () => line.stop();
  }, [queries, channel]);
  return state;
}

const worldOf = (channel: string) => ({
  ticket: async () => (await http.post<{ ticket: string }>(`${API}/events/ticket`)).ticket,
  open: (ticket: string) => new EventSource(`${API}/simulator/events?${new URLSearchParams({ ticket, channel_id: channel })}`),
  later: (run: () => void, milliseconds: number) => window.setTimeout(run, milliseconds),
  cancel: (timer: unknown) => window.clearTimeout(timer as number | undefined),
});

function apply(queries: QueryClient, channel: string, note: Note): void {
  if (note.kind === "phones.many") return void queries.invalidateQueries({ queryKey: [...PHONES, channel] });
  queries.setQueryData<Wall>(wallKey(channel, ""), (wall) => wall && moveToFront(wall, note.phones));
  for (const changed of note.phones) queries.setQueryData<PhoneWithTexts>(phoneKey(channel, changed.address), (phone) => phone && withChanged(phone, changed));
}
