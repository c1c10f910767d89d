import { Avatar } from "@mantine/core";
import classes from "./Person.module.css";
import { PhoneNumber } from "./PhoneNumber";

interface PersonLike {
  id: string;
  name: string;
  /** A phone number or another address; stands in where there is no name. */
  address?: string | null;
}

/** A person's name in its own direction, or the number while nobody gave one. */
export function PersonName({ person }: { person: PersonLike }) {
  if (person.name) return <bdi>{person.name}</bdi>;
  return <PhoneNumber number={person.address ?? ""} />;
}

/** Six quiet pairs of colours; white on each is at least 5 : 1. */
const HUES = 6;

/** The first letters of a name on a colour that stays with the person. Says nothing to screen readers: the name is beside it. */
export function PersonAvatar({ person, size = 40 }: { person: PersonLike; size?: number }) {
  return (
    <Avatar size={size} radius="xl" aria-hidden className={classes.avatar} data-hue={hueOf(person.id)}>
      {initials(person.name) || "#"}
    </Avatar>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("\u200c").toLocaleUpperCase(); // Arabic letters would join
}

const hueOf = (id: string): number => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % HUES;
