import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

/** Goes on into the console after signing in, with nothing left of whoever was there before. */
export function useEnter(): (next?: string) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (next) => {
    queries.clear();
    router.history.push(next ?? "/");
  };
}
