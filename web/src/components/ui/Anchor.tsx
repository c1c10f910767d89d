import { Anchor as MantineAnchor, Button as MantineButton, NavLink as MantineNavLink } from "@mantine/core";
import { createLink } from "@tanstack/react-router";

/** Mantine's looks, the router's links: typed `to` and `params`, no page load. */
export const Anchor = createLink(MantineAnchor<"a">);
export const LinkButton = createLink(MantineButton<"a">);
export const NavLink = createLink(MantineNavLink<"a">);
