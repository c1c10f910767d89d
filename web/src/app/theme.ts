import { Autocomplete, Badge, Combobox, createTheme, Drawer, mergeThemeOverrides, Modal, MultiSelect, PasswordInput, rem, Select, Tooltip, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { tintVariables } from "./tints";

// Petrol, the brand. White on shade 7 (light theme) is 6.2 : 1, on shade 6 (dark theme) 4.7 : 1: Mantine picks the words' colour for the
// light shade only, so both must carry white. Text in the brand's colour on the dark body is shade 3, 8.6 : 1.
const petrol: MantineColorsTuple = ["#e7f5f4", "#cfe9e8", "#a3d6d4", "#73c1bf", "#4bb0ae", "#2c9b9a", "#138081", "#0b6b6d", "#09595b", "#06464a"];
const gray: MantineColorsTuple = ["#f6f8f8", "#eef2f2", "#e2e8e8", "#d2dbdb", "#b6c3c4", "#8a9a9c", "#5a6b6f", "#435256", "#2d3a3d", "#182224"];
const dark: MantineColorsTuple = ["#dde6e7", "#b9c6c8", "#94a5a8", "#7d8f93", "#3c4b4f", "#2b383c", "#1d282b", "#121a1c", "#0c1214", "#070b0c"];

// Shades 6 and 7 carry white words at 4.5 : 1, which Mantine's own red does not.
const red: MantineColorsTuple = ["#fff1f0", "#ffdfdd", "#ffbdb9", "#ff9a94", "#f87770", "#e9534c", "#cf3732", "#c02626", "#9f1f1f", "#7f1818"];

const SANS = "'Inter Variable', 'Noto Sans Arabic Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

const modalDefaults = { radius: "lg", centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } };

const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  colors: { petrol, red, gray, dark },
  white: "#ffffff",
  black: "#182224",
  defaultRadius: "md",
  radius: { xs: rem(4), sm: rem(6), md: rem(10), lg: rem(16), xl: rem(24) },
  fontFamily: SANS,
  headings: {
    fontFamily: SANS,
    fontWeight: "650",
    sizes: {
      h1: { fontSize: rem(26), lineHeight: "1.25" },
      h2: { fontSize: rem(21), lineHeight: "1.3" },
      h3: { fontSize: rem(18), lineHeight: "1.35" },
      h4: { fontSize: rem(16), lineHeight: "1.4" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // Lists of choices stay within their landmark, and scroll by themselves (base.css): a box around them would want to be focusable.
    Combobox: Combobox.extend({ defaultProps: { withinPortal: false } }),
    Select: Select.extend({ defaultProps: { withScrollArea: false } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { withScrollArea: false } }),
    Autocomplete: Autocomplete.extend({ defaultProps: { withScrollArea: false } }),
    Badge: Badge.extend({ defaultProps: { tt: "none" } }),
    Modal: Modal.extend({
      defaultProps: modalDefaults,
      styles: { title: { fontWeight: 650, fontSize: rem(17) } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: false } } }),
  },
});

/** The theme with its components' own buttons named in the reader's language; Mantine knows English at most. */
export function worded(words: { close: string; showPassword: string }): typeof theme {
  const closeButtonProps = { "aria-label": words.close };
  return mergeThemeOverrides(theme, {
    components: {
      Modal: Modal.extend({ defaultProps: { ...modalDefaults, closeButtonProps } }),
      Drawer: Drawer.extend({ defaultProps: { closeButtonProps } }),
      PasswordInput: PasswordInput.extend({ defaultProps: { visibilityToggleButtonProps: { "aria-label": words.showPassword } } }),
    },
  });
}

/** Mantine's own grey, placeholder and error words miss 4.5 : 1; these meet it in both themes. Ours are `--tf-*`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tintVariables("light"),
    "--mantine-color-dimmed": gray[6],
    "--mantine-color-placeholder": "#627377",
    "--mantine-color-error": "#c02626",
    "--mantine-color-anchor": petrol[7],
    "--tf-canvas": gray[0],
    "--tf-surface": "#ffffff",
    "--tf-line": gray[2],
    "--tf-hover": gray[0],
    "--tf-primary-text": petrol[7],
    "--tf-primary-soft": petrol[0],
    "--tf-focus": petrol[7],
  },
  dark: {
    ...tintVariables("dark"),
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-placeholder": "#8fa0a3",
    "--mantine-color-error": "#ff9a94",
    "--mantine-color-anchor": petrol[3],
    "--tf-canvas": "#0c1214",
    "--tf-surface": dark[7],
    "--tf-line": "#263336",
    "--tf-hover": "#182124",
    "--tf-primary-text": petrol[3],
    "--tf-primary-soft": "#0f2e2f",
    "--tf-focus": petrol[3],
  },
});
