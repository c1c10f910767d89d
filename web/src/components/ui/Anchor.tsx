import { Anchor as MantineAnchor, Button as MantineButton, NavLink as MantineNavLink, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

/** Mantine's looks, the router's links: typed `to` and `params`, no page load. */
export const Anchor = createLink(MantineAnchor<"a">);
export const LinkButton = createLink(ButtonLooks);
export const NavLink = createLink(MantineNavLink<"a">);

/** Mantine's button is a `button` whatever its type says; only `component` makes it the link that opens in a new tab and is announced as one. */
function ButtonLooks(props: ButtonProps & ComponentPropsWithRef<"a">) {
  return <MantineButton component="a" {...props} />;
}
