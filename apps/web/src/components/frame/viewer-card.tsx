import { useQuery } from '@tanstack/react-query'
import { plural } from '../../live/format.ts'
import { channelType, isThread } from '../../live/view/discord-values.ts'
import { standingOf } from '../../live/view/standing.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { whoAmI } from '../../server/functions.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { SignOutButton } from './sign-out-button.tsx'

export const viewerQuery = {
  queryKey: ['viewer'],
  queryFn: () => whoAmI(),
  staleTime: Number.POSITIVE_INFINITY,
} as const

/** Who is looking, and how much of the server they see. */
export function ViewerCard() {
  const viewer = useQuery(viewerQuery)
  const known = useGuild((snapshot) => snapshot.view.guild !== null)
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const seen = Object.values(channels).filter(({ type }) => type !== channelType.category && !isThread(type)).length
  const user = viewer.data?.user ?? null
  const standing = useGuild(({ view }) => (user === null ? '' : standingOf(view, user.id)))
  return (
    <div className="flex min-h-13 flex-none items-center gap-2.5 border-t border-line px-3">
      {user === null ? (
        <span className="grid size-7 place-items-center rounded-[6px] bg-sunken text-ink-2">
          <Icon name="you" />
        </span>
      ) : (
        <Avatar of={{ id: user.id, name: user.username, src: userPicture(user.id, user.avatar) }} size={28} />
      )}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-strong">
          {user?.username ?? ''}
        </span>
        <span className="block truncate text-2xs text-ink-3">
          <bdi>{standing}</bdi>
          {user !== null && known && `, sees ${plural(seen, 'channel')}`}
        </span>
      </span>
      {user !== null && <SignOutButton of={user.id} />}
    </div>
  )
}
