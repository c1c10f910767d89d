import { useEffect } from "react";
import { useUnreadTotal } from "./useConversations";

const COUNT = /^\(\d+\+?\) /;

/** “(3) Inbox · Textfirst”: the tab tells of unread conversations from whichever screen is open. */
export function useTitleBadge(): void {
  const unread = useUnreadTotal();
  useEffect(() => {
    const mark = unread === 0 ? "" : `(${unread > 99 ? "99+" : unread}) `;
    const apply = () => {
      const wanted = mark + document.title.replace(COUNT, "");
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    const observer = new MutationObserver(apply); // each page writes its own title
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      document.title = document.title.replace(COUNT, "");
    };
  }, [unread]);
}
