import type { ComponentProps } from 'react'
import { useCommand } from '../../hooks/use-command.ts'
import { useDeeds } from '../../hooks/use-deeds.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { useMemberRights } from '../../hooks/use-rights.ts'
import { underWay } from '../../live/deed-words.ts'
import { leftUntil, reasonOf } from '../../live/hindrance-words.ts'
import { channelTree } from '../../live/view/channel-tree.ts'
import type { Hindrance, MemberRights } from '../../server/function-results.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Turning } from '../ui/icon.tsx'
import { useCountdown } from '../ui/use-countdown.ts'
import { useAway } from '../hops/use-away.ts'
import { MenuHead, MenuItem, MenuLine, MenuMore, MenuNote } from '../ui/menu.tsx'
import { SharedMenu, SharedMenuRoot } from '../ui/shared-menu.tsx'
import { iconOf } from './channel-icon.tsx'

/** One menu for everybody: a page shows hundreds of people. */
const memberMenu = new SharedMenu()

/** What opens the menu of a member, by pressing it and by the other mouse button. */
export function MemberMenuTrigger({ userId, children, ...rest }: { userId: string } & ComponentProps<'button'>) {
  return (
    <button
      {...rest}
      {...memberMenu.opener(userId)}
      onContextMenu={(event) => {
        event.preventDefault()
        memberMenu.open(event.currentTarget, userId)
      }}
    >
      {children}
    </button>
  )
}

export function MemberMenu() {
  return (
    <SharedMenuRoot menu={memberMenu} label="Member" align="start">
      {(userId) => <MemberItems userId={userId} />}
    </SharedMenuRoot>
  )
}

/** What is being done to a member, in a word; null: nothing. */
export function useUnderWay(userId: string): string | null {
  return useDeeds((items) => {
    for (const { deed, state } of items) {
      if (state === 'pending' && 'userId' in deed && deed.userId === userId) return underWay(deed)
    }
    return null
  })
}

/** That turns while something is being done, and says what. */
export function UnderWay({ doing, className = '' }: { doing: string | null; className?: string }) {
  if (doing === null) return null
  return (
    <span title={doing} className={`text-ink-3 ${className}`}>
      <span className="sr-only">{doing}</span>
      <Turning />
    </span>
  )
}

const MINUTE_MS = 60_000
const TIMEOUTS = [
  ['60 seconds', MINUTE_MS],
  ['5 minutes', 5 * MINUTE_MS],
  ['10 minutes', 10 * MINUTE_MS],
  ['1 hour', 60 * MINUTE_MS],
  ['1 day', 24 * 60 * MINUTE_MS],
  ['1 week', 7 * 24 * 60 * MINUTE_MS],
] as const

/** What can be done to a member, and why not. */
export function MemberItems({ userId }: { userId: string }) {
  const person = useGuild(({ view }) => view.people[userId])
  const { rights, isGone, hasFailed } = useMemberRights(userId, true)
  const doing = useUnderWay(userId)
  return (
    <>
      <MenuHead>
        <Avatar
          of={{ id: userId, name: person?.name ?? '?', src: userPicture(userId, person?.avatar ?? null) }}
          size={28}
        />
        <span className="min-w-0">
          <span dir="auto" className="block truncate font-strong">
            {person?.name ?? 'Unknown member'}
          </span>
          <span dir="auto" className="block truncate text-2xs text-ink-3">
            {person?.username === person?.name ? '' : person?.username}
          </span>
        </span>
        <UnderWay doing={doing} className="ms-auto" />
      </MenuHead>
      <MenuLine />
      {isGone ? (
        <MenuNote>They are in this server no more.</MenuNote>
      ) : (
        <Deeds
          userId={userId}
          rights={rights}
          unknown={hasFailed ? 'It cannot be told now what you may do' : 'Looking up what you may do'}
        />
      )}
    </>
  )
}

/** @param unknown in place of reasons, while nobody has said what one may do. */
function Deeds({ userId, rights, unknown }: { userId: string; rights: MemberRights | null; unknown: string }) {
  const command = useCommand()
  const refusedBy = useRefusals(unknown)
  const isMuted = rights?.voice?.muted === true
  const isDeafened = rights?.voice?.deafened === true
  const place = rights?.voice?.channelId ?? null
  return (
    <>
      <Moves userId={userId} rights={rights} unknown={unknown} />
      <MenuItem
        icon="signOut"
        refused={refusedBy(rights?.disconnect, place)}
        onClick={() => void command.moveMember({ userId, channelId: null })}
      >
        Disconnect from voice
      </MenuItem>
      <MenuItem
        icon="muted"
        refused={refusedBy(rights?.mute, place)}
        onClick={() => void command.muteMember({ userId, mute: !isMuted })}
      >
        {isMuted ? 'Let speak again' : 'Mute for everybody'}
      </MenuItem>
      <MenuItem
        icon="deafened"
        refused={refusedBy(rights?.deafen, place)}
        onClick={() => void command.deafenMember({ userId, deaf: !isDeafened })}
      >
        {isDeafened ? 'Let hear again' : 'Deafen'}
      </MenuItem>
      <MenuLine />
      <Timeouts userId={userId} rights={rights} unknown={unknown} />
    </>
  )
}

function Moves({ userId, rights, unknown }: { userId: string; rights: MemberRights | null; unknown: string }) {
  const command = useCommand()
  const refusedBy = useRefusals(unknown)
  const channels = useGuild(({ view }) => view.channels)
  // Who may not take them out of where they are may not move them anywhere.
  const refused = refusedBy(rights?.disconnect, rights?.voice?.channelId ?? null)
  const moves = rights?.move ?? {}
  const inOrder = channelTree(channels).flatMap(({ nodes }) => nodes.map(({ channel }) => channel))
  const others = inOrder.filter(({ id }) => id in moves && id !== rights?.voice?.channelId)
  return (
    <MenuMore icon="voice" label="Move to" refused={refused}>
      {others.map(({ id, name, type, isPrivate }) => (
        <MenuItem
          key={id}
          icon={iconOf({ type, isPrivate })}
          refused={refusedBy(moves[id] ?? null, id)}
          onClick={() => void command.moveMember({ userId, channelId: id })}
        >
          {name}
        </MenuItem>
      ))}
      {others.length === 0 && <MenuNote>There is no other voice channel that you see.</MenuNote>}
    </MenuMore>
  )
}

function Timeouts({ userId, rights, unknown }: { userId: string; rights: MemberRights | null; unknown: string }) {
  const command = useCommand()
  const refused = useRefusals(unknown)(rights?.timeout, null)
  const until = rights?.timedOutUntil ?? null
  const now = useCountdown(until)
  return (
    <>
      {until !== null && (
        <MenuItem icon="clock" refused={refused} onClick={() => void command.timeoutMember({ userId, forMs: null })}>
          End timeout ({leftUntil(until, now)} left)
        </MenuItem>
      )}
      <MenuMore icon="clock" label="Time out" refused={refused}>
        {TIMEOUTS.map(([label, forMs]) => (
          <MenuItem key={label} onClick={() => void command.timeoutMember({ userId, forMs })}>
            {label}
          </MenuItem>
        ))}
      </MenuMore>
    </>
  )
}

/** Why something may not be done, by what stands against it and where; undefined where that is not known yet. */
function useRefusals(unknown: string) {
  const channels = useGuild(({ view }) => view.channels)
  const guild = useGuild((snapshot) => snapshot.guildName) ?? 'this server'
  const away = useAway()
  return (hindrance: Hindrance | null | undefined, channelId: string | null): string | null => {
    if (away !== null) return away
    if (hindrance === undefined) return unknown
    const place = channelId === null ? guild : (channels[channelId]?.name ?? guild)
    return hindrance && reasonOf(hindrance, place, Date.now())
  }
}
