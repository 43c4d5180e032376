import { HopStrip } from '../hops/hop-strip.tsx'
import { AccountMenu } from './account-menu.tsx'
import { OperationsLink } from './operations-link.tsx'
import { ServerSwitcher } from './server-switcher.tsx'
import { ThemeButton } from './theme-button.tsx'

export function TopBar() {
  return (
    <header className="flex min-w-0 items-stretch border-b border-line bg-canvas [grid-area:bar] max-lg:flex-wrap">
      <ServerSwitcher />
      <HopStrip />
      <div className="flex flex-none items-center gap-1 px-3 max-sm:px-0">
        {/* On a phone these are under You. */}
        <span className="max-lg:hidden">
          <OperationsLink quiet />
        </span>
        <ThemeButton />
        <span className="max-lg:hidden">
          <AccountMenu />
        </span>
      </div>
    </header>
  )
}
