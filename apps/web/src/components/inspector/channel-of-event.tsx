import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { channelType } from '../../live/view/discord-values.ts'
import { usePageState } from '../frame/page-state.tsx'
import { MESSAGES } from '../frame/skip-link.tsx'
import { buttonClass } from '../ui/button.tsx'
import { isWide } from '../ui/use-layout.ts'

/** The way to the channel of an event, where that is another than the one that is read, and has a page. */
export function ChannelOfEvent({ channelId }: { channelId: string | null }) {
  const { guildId } = useGuildStore()
  const { setView, setInspector } = usePageState()
  const openId = useParams({ strict: false, select: (params) => params.channelId })
  // Once one is there this is gone, and the focus goes on to what it led to.
  const goesTo = useRef<string | null>(null)
  useEffect(() => {
    if (openId === undefined || openId !== goesTo.current) return
    goesTo.current = null
    document.getElementById(MESSAGES)?.focus({ preventScroll: true })
  }, [openId])
  // Only what they may see is there.
  const channel = useGuild(({ view }) => (channelId === null ? undefined : view.channels[channelId]))
  if (channel === undefined || channel.id === openId || channel.type === channelType.category) return null
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId, channelId: channel.id }}
      onClick={() => {
        goesTo.current = channel.id
        setView('feed')
        // The drawer would lie over what is gone to.
        if (!isWide()) setInspector(false)
      }}
      className={`${buttonClass('plain', { small: true })} mb-2.5 max-w-full`}
    >
      Go to <bdi className="min-w-0 truncate">{channel.name}</bdi>
    </Link>
  )
}
