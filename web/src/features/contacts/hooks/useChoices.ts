import { useQuery } from "@tanstack/react-query";
import { fetchFields } from "../api/contacts";
import { fetchLabels, LABELS_KEY } from "../api/labels";
import { fetchLists, LISTS_KEY } from "../api/lists";
import { fetchSegments, SEGMENTS_KEY } from "../api/segments";

/** The few things that forms and filters offer to choose from. */
export const useLabels = () => useQuery({ queryKey: LABELS_KEY, queryFn: ({ signal }) => fetchLabels(signal) }).data ?? [];
export const useLists = () => useQuery({ queryKey: LISTS_KEY, queryFn: ({ signal }) => fetchLists(signal) }).data ?? [];
export const useSegments = () => useQuery({ queryKey: SEGMENTS_KEY, queryFn: ({ signal }) => fetchSegments(signal) }).data ?? [];

const ATTRIBUTE = /attributes?\.(.+)$/;

/** The keys of attributes that contacts of this workspace have. */
export const useAttributeKeys = (): string[] =>
  useQuery({
    queryKey: ["contacts", "fields"],
    queryFn: ({ signal }) => fetchFields(signal),
    staleTime: 60_000,
    select: (fields) => fields.flatMap(({ key }) => ATTRIBUTE.exec(key)?.[1] ?? []),
  }).data ?? [];
