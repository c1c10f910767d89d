/**
 * The soft colours of badges and notices: ground and words of each, for both themes. Mantine's own miss 4.5 : 1 for several colours.
 * Labels may carry any of them.
 */
const TINTS: Record<string, { light: [ground: string, words: string]; dark: [ground: string, words: string] }> = {
  petrol: { light: ["#e7f5f4", "#09595b"], dark: ["#0f2e2f", "#a3d6d4"] },
  gray: { light: ["#eef2f2", "#2d3a3d"], dark: ["#243033", "#b9c6c8"] },
  red: { light: ["#fdecea", "#a51d1d"], dark: ["#3a1a19", "#ffb0aa"] },
  pink: { light: ["#fff0f6", "#a61e4d"], dark: ["#3a1526", "#fcc2d7"] },
  grape: { light: ["#f8f0fc", "#862e9c"], dark: ["#2d1836", "#eebefa"] },
  violet: { light: ["#f3f0ff", "#5f3dc4"], dark: ["#231c3d", "#d0bfff"] },
  indigo: { light: ["#edf2ff", "#364fc7"], dark: ["#1a2342", "#bac8ff"] },
  blue: { light: ["#e8f1fc", "#1257a0"], dark: ["#15293f", "#9cc9ff"] },
  cyan: { light: ["#e3fafc", "#0b5a6b"], dark: ["#0e2f35", "#99e9f2"] },
  teal: { light: ["#e6fcf5", "#066649"], dark: ["#0c3027", "#96f2d7"] },
  green: { light: ["#e6f5e9", "#1c6b2c"], dark: ["#14301c", "#8ce99a"] },
  lime: { light: ["#f4fce3", "#466e0b"], dark: ["#24300f", "#d8f5a2"] },
  yellow: { light: ["#fff4d9", "#7a4d00"], dark: ["#352a10", "#ffd86b"] },
  orange: { light: ["#ffeee2", "#94400a"], dark: ["#382414", "#ffbe85"] },
};

/** As Mantine's CSS variables. */
export const tintVariables = (scheme: "light" | "dark"): Record<string, string> =>
  Object.fromEntries(
    Object.entries(TINTS).flatMap(([color, { [scheme]: [ground, words] }]) => [
      [`--mantine-color-${color}-light`, ground],
      [`--mantine-color-${color}-light-hover`, `color-mix(in srgb, ${ground} 90%, ${words})`],
      [`--mantine-color-${color}-light-color`, words],
    ]),
  );
