import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API, http } from "@/lib/http";
import { KINDS, LiveEvents, type LiveStatus } from "@/lib/live";
import { handle } from "./live";

/** Keeps the screen in step with the server while the shell shows; returns how the line is. */
export function useLiveEvents(workspace: string): LiveStatus {
  const queries = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>("connecting");
  useEffect(() => {
    const live = new LiveEvents(world, `${API}/events`, KINDS, {
      event: (event) => handle(event, queries),
      reset: () => void queries.invalidateQueries(),
      status: setStatus,
    });
    const hurry = () => live.hurry();
    live.start();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      live.stop();
    };
  }, [queries, workspace]);
  return status;
}

const world = {
  ticket: async () => (await http.post<{ ticket: string }>(`${API}/events/ticket`)).ticket,
  open: (url: string) => new EventSource(url),
  later: (run: () => void, milliseconds: number) => window.setTimeout(run, milliseconds),
  cancel: (timer: unknown) => window.clearTimeout(timer as number | undefined),
  random: Math.random,
};
