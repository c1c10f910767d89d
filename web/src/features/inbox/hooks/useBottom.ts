import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end counts as being there. */
const NEAR_PX = 80;

interface Shown {
  /** Newest first. */
  messages: readonly { id: string; direction: "in" | "out" }[];
  /** Changes when something is added below that is no message yet. */
  waiting: number;
}

/**
 * Keeps a thread where its reader is: at the end it follows new messages, further up it stays put, also while older
 * messages are added above. `fresh` counts what arrived below meanwhile.
 */
export function useBottom({ messages, waiting }: Shown) {
  const first = messages.at(-1)?.id;
  const last = messages[0]?.id;
  const viewport = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ first, last, height: 0 });
  const [seen, setSeen] = useState(last);
  const [following, setFollowing] = useState(true);

  const toEnd = useCallback(() => {
    const box = viewport.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    const box = viewport.current;
    if (!box) return;
    const known = before.current;
    if (atEnd.current) toEnd();
    else if (known.first !== first && known.last === last) box.scrollTop += box.scrollHeight - known.height;
    before.current = { first, last, height: box.scrollHeight };
  }, [first, last, waiting, toEnd]);

  useEffect(() => {
    const inner = content.current;
    const box = viewport.current;
    if (!inner || !box) return;
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    observer.observe(inner);
    observer.observe(box);
    return () => observer.disconnect();
  }, [toEnd]);

  const onScroll = () => {
    const box = viewport.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setFollowing(atEnd.current);
    setSeen((known) => (atEnd.current ? last : known));
  };

  const fresh = following || seen === undefined ? 0 : messages.filter((one) => one.direction === "in" && one.id > seen).length;
  return { viewport, content, onScroll, toEnd, following, fresh };
}
