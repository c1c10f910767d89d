import { useQueryClient } from "@tanstack/react-query";
import { ApiError, AUTH, http } from "@/lib/http";

/** Ends the session and forgets everything shown: the next person at this desk sees nothing of it. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    try {
      await http.delete(`${AUTH}/auth/session`);
    } catch (error) {
      // allauth answers 401 once nobody is signed in: that is the success.
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    queries.clear();
    window.location.assign("/login");
  };
}
