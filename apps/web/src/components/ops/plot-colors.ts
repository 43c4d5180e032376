import type { PlotSeries } from './plots.ts'

const ROLES = ['ink', 'ink-2', 'ink-3', 'line', 'down', 'unknown', 'unknown-soft', 'unknown-hatch', 'panel'] as const
const SERIES = ['plot-1', 'plot-2', 'plot-3', 'plot-4', 'plot-5', 'plot-6'] as const

export type PlotColors = Readonly<Record<(typeof ROLES)[number] | PlotSeries['role'], string>>

/** What the roles are in the theme that holds for an element: a canvas knows no custom properties, and none of `light-dark()`. */
export function plotColors(of: HTMLElement): PlotColors {
  const probe = document.createElement('span')
  probe.hidden = true
  of.append(probe)
  const colors = [...ROLES, ...SERIES].map((role) => {
    probe.style.color = `var(--${role})`
    return [role, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return Object.fromEntries(colors) as PlotColors
}

/** Calls back when the page's theme is another, by its button or by the system. */
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const contrast = matchMedia('(prefers-contrast: more)')
  dark.addEventListener('change', changed)
  contrast.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', changed)
    contrast.removeEventListener('change', changed)
  }
}
