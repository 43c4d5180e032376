import { remember } from './preferences.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** The other theme, from now on. Until it is pressed the page follows the system. */
export function ThemeButton() {
  return (
    <Button kind="quiet" small icon aria-label="Switch between light and dark" onClick={switchTheme}>
      <Icon name="sun" />
    </Button>
  )
}

function switchTheme(): void {
  const root = document.documentElement
  const shown = root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const next = shown === 'dark' ? 'light' : 'dark'
  root.dataset['theme'] = next
  remember('theme', next)
}
