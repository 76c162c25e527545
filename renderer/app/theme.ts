import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = ['#eef3fd', '#dbe5fa', '#b6c9f3', '#8fb0ff', '#6690ea', '#4570d3', '#325bbb', '#24489f', '#1c3980', '#152b61'];
/** A neutral scale that carries a trace of blue, so that surfaces and text of both schemes belong together. */
const dark: MantineColorsTuple = ['#e7eaef', '#c4cad4', '#a0a9b8', '#7c8798', '#3d4653', '#282f39', '#1c2129', '#161a20', '#0f1216', '#0a0c0f'];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { ink, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false } },
    Menu: { defaultProps: { shadow: 'md' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
  },
});

/** They stand in each scheme's own block, which Mantine's own values would otherwise win. */
const SHARED = {
  '--mantine-color-dimmed': 'var(--rd-muted)', '--mantine-color-placeholder': 'var(--rd-muted)', '--mantine-color-text': 'var(--rd-text)', '--mantine-color-error': 'var(--rd-loss)',
  '--mantine-color-default': 'var(--rd-surface)', '--mantine-color-default-hover': 'var(--rd-hover)', '--mantine-color-default-border': 'var(--rd-line-strong)', '--mantine-color-default-color': 'var(--rd-text)',
  '--mantine-color-gray-light-color': 'var(--rd-muted)', '--mantine-color-anchor': 'var(--rd-accent)',
} as const;

/** Mantine's own surfaces take the desk's colours, so that one palette holds in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...SHARED, '--mantine-color-body': '#ffffff' },
  dark: { ...SHARED, '--mantine-color-body': '#1c2129' },
});
