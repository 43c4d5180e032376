import { Select } from '@base-ui/react/select'
import { useQuery } from '@tanstack/react-query'
import { useHydrated, useNavigate } from '@tanstack/react-router'
import { count, plural } from '../../live/format.ts'
import { hasEnded } from '../../live/stream/stream-types.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { useUnread } from '../../hooks/use-unread.ts'
import { listGuilds, type GuildSummary } from '../../server/functions.ts'
import { Avatar, guildPicture } from '../ui/avatar.tsx'
import { useHopStrip } from '../hops/hop-strip.tsx'
import { Icon, Mark } from '../ui/icon.tsx'
import { Count, Tag } from '../ui/tag.tsx'

export const guildsQuery = {
  queryKey: ['guilds'],
  queryFn: () => listGuilds(),
  staleTime: 10_000,
  retryDelay: 1_000,
} as const

/** Which server is shown, and the way to another: arrows move, letters find, Escape closes. */
export function ServerSwitcher() {
  // The list brings a hidden field with a style attribute, which a strict policy forbids in a page's text.
  return useHydrated() ? (
    <Switcher />
  ) : (
    <button type="button" className={face}>
      <CurrentServer />
    </button>
  )
}

const face =
  'focus-inside flex w-(--side) flex-none items-center gap-2.5 border-e border-line px-3 text-start transition-colors duration-(--dur-press) hover:bg-hover max-lg:min-h-12 max-lg:w-auto max-lg:min-w-0 max-lg:flex-1 max-lg:border-0'

function useCurrentServer() {
  const store = useGuildStore()
  const guilds = useQuery(guildsQuery)
  const guild = useGuild((snapshot) => snapshot.view.guild)
  const voice = useGuild((snapshot) => snapshot.view.voice)
  const listed = guilds.data?.find(({ id }) => id === store.guildId)
  const phase = useGuild((snapshot) => snapshot.status.phase)
  return {
    name: guild?.name ?? listed?.name ?? null,
    // Of somebody who is signed out nothing is known.
    toChoose: guilds.data?.length === 0 && phase !== 'signed-out' ? 'No servers in common' : 'Choose a server',
    members: guild?.memberCount ?? listed?.memberCount ?? null,
    inVoice: guild === null ? (listed?.inVoice ?? 0) : Object.keys(voice).length,
  }
}

function CurrentServer() {
  const { name, toChoose, members, inVoice } = useCurrentServer()
  const ended = useGuild((snapshot) => hasEnded(snapshot.status))
  return (
    <>
      <Mark />
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate text-sm font-title tracking-[-0.005em]">
          {name ?? (ended ? toChoose : <Loading />)}
        </span>
        <span className="block truncate text-2xs text-ink-3">
          {members === null ? '' : plural(members, 'member')}
          <span className="max-lg:hidden">{inVoice > 0 && ` · ${count(inVoice)} in voice`}</span>
          <TotalBelow />
        </span>
      </span>
      <Icon name="updown" className="text-ink-3" />
    </>
  )
}

function Loading() {
  return (
    <>
      <span className="sr-only">Loading</span>
      <span aria-hidden="true" className="skeleton my-[5px] h-2.5 w-28 rounded-1" />
    </>
  )
}

function Switcher() {
  const { guildId } = useGuildStore()
  const navigate = useNavigate()
  const guilds = useQuery(guildsQuery)
  const { name, toChoose } = useCurrentServer()
  return (
    <Select.Root
      value={guildId}
      modal={false}
      onOpenChange={(open) => open && void guilds.refetch()}
      onValueChange={(to) => {
        if (to !== null) void navigate({ to: '/guilds/$guildId', params: { guildId: to } }).then(focusSwitcher)
      }}
    >
      <Select.Trigger
        id={SWITCHER}
        aria-label={name === null ? toChoose : `Server: ${name}. Change server`}
        className={face}
      >
        <CurrentServer />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner alignItemWithTrigger={false} sideOffset={4} align="start" className="z-30 outline-0">
          <Select.Popup className="max-h-[min(28rem,var(--available-height))] w-(--anchor-width) max-w-[calc(100vw-1rem)] min-w-64 overflow-auto rounded-3 border border-line-strong bg-raised p-1 shadow-[0_10px_30px_-8px_var(--shadow)] outline-0">
            <Select.List aria-label="Servers">
              {guilds.data?.map((option) => (
                <Select.Item
                  key={option.id}
                  value={option.id}
                  label={option.name}
                  className="focus-inside flex cursor-pointer items-center gap-2.5 rounded-2 px-2 py-1.5 select-none data-highlighted:bg-hover data-selected:bg-selected touch:min-h-11"
                >
                  <Avatar of={{ ...option, src: guildPicture(option.id, option.icon) }} size={28} />
                  <span className="min-w-0 flex-1">
                    <Select.ItemText dir="auto" className="block truncate font-strong">
                      {option.name}
                    </Select.ItemText>
                    <span className={`block text-2xs text-ink-3 ${option.unavailable ? 'text-pretty' : 'truncate'}`}>
                      {says(option)}
                    </span>
                  </span>
                  {option.unavailable && <Tag tone="wait">away</Tag>}
                  {option.id !== guildId && <News of={option.id} />}
                  <Select.ItemIndicator>
                    <Icon name="check" />
                  </Select.ItemIndicator>
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}

function says({ memberCount, inVoice, unavailable }: GuildSummary): string {
  if (unavailable) return 'Unavailable: Discord has an outage there'
  const members = memberCount === null ? '' : `${plural(memberCount, 'member')} · `
  return members + (inVoice === 0 ? 'nobody in voice' : `${count(inVoice)} in voice`)
}

const SWITCHER = 'servers'

/** Of the server that was chosen, whose page is another one: that of the one before has gone, with the focus. */
const focusSwitcher = () => requestAnimationFrame(() => document.getElementById(SWITCHER)?.focus())

/** What is new in a server that was shown lately: those stay live. Of others nothing is known, and nothing is said. */
function News({ of: guildId }: { of: string }) {
  const { count: news, mentions } = useUnread(guildId) ?? { count: 0, mentions: 0 }
  if (news === 0) return null
  return (
    <>
      <span className="sr-only">({mentions > 0 ? plural(mentions, 'mention') : `${news} unread`})</span>
      <Count value={mentions > 0 ? mentions : news} />
    </>
  )
}

/** On a phone the total has no place in the bar: it stands here. */
function TotalBelow() {
  const line = useHopStrip().strip.total?.line ?? null
  return line === null ? null : <span className="lg:hidden">{` · ${line}`}</span>
}
