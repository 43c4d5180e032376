import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { GuildSummary } from '../../server/functions.ts'
import { Avatar, guildPicture } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { guildsQuery } from './server-switcher.tsx'

/** The servers that somebody may go on to; null while that is not known, and where nobody is signed in. */
export function useServers(except?: string): GuildSummary[] | null {
  return useQuery(guildsQuery).data?.filter(({ id }) => id !== except) ?? null
}

/** The servers that there are, to go on to from a page that shows none. */
export function ServerChoice({ except }: { except?: string }) {
  const guilds = useServers(except)
  if (guilds === null) return null
  if (guilds.length === 0) {
    return (
      <Link to="/" className={buttonClass('solid')}>
        Look for servers
      </Link>
    )
  }
  return (
    <nav aria-label="Servers" className="min-w-0">
      <h2 className="mb-2 text-xs font-strong text-ink-3">Choose a server</h2>
      <ul className="flex flex-wrap gap-2">
        {guilds.map(({ id, name, icon }) => (
          <li key={id} className="min-w-0">
            <Link to="/guilds/$guildId" params={{ guildId: id }} className={`${buttonClass()} max-w-full`}>
              <Avatar of={{ id, name, src: guildPicture(id, icon) }} size={20} />
              <span dir="auto" className="truncate">
                {name}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
