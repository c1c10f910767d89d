import classes from "./PhoneNumber.module.css";

/**
 * A phone number, always left to right, whatever the language around it.
 * `display` is the server's grouped form (`+30 691 234 5678`); without it the number is shown as it is.
 */
export function PhoneNumber({ number, display }: { number: string; display?: string | null | undefined }) {
  return (
    <bdi dir="ltr" className={classes.number}>
      {display || withoutScheme(number)}
    </bdi>
  );
}

const withoutScheme = (address: string): string => address.replace(/^tel:/, "");
