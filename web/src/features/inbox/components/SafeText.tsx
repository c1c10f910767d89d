import { pieces } from "../rules/links";
import classes from "./Thread.module.css";

/** People's own words: read in their own direction, never as markup; web addresses open elsewhere and are told nothing about us. */
export function SafeText({ text }: { text: string }) {
  return (
    <p className={classes.text} dir="auto">
      {pieces(text).map((piece, index) =>
        piece.kind === "text" ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
