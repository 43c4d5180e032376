import { Link } from '@tanstack/react-router'
import type { APIUser } from 'discord-api-types/v10'
import { createContext, use, type ReactNode } from 'react'
import { useGuild, useGuildStore } from '../../../hooks/use-guild-store.ts'
import type { NavigationTarget } from './nodes.ts'

/** Whom the message says that it mentions: those of them whom the page does not know go by what it says of them. */
export const MentionedUsers = createContext<readonly APIUser[]>([])

export const navigationNames: Readonly<Record<NavigationTarget, string>> = {
  customize: 'Channels & Roles',
  browse: 'Browse Channels',
  guide: 'Server Guide',
  home: 'Server Guide',
  'linked-roles': 'Linked Roles',
}

export function Mention({ children }: { children: ReactNode }) {
  return (
    <span className="-mx-0.5 rounded-1 bg-live-soft px-0.5 font-strong text-live">
      <bdi>{children}</bdi>
    </span>
  )
}

export function UserMention({ id }: { id: string }) {
  const person = useGuild((snapshot) => snapshot.view.people[id])
  const user = use(MentionedUsers).find((mentioned) => mentioned.id === id)
  return <Mention>@{person?.name ?? user?.global_name ?? user?.username ?? 'unknown user'}</Mention>
}

export function RoleMention({ id }: { id: string }) {
  const role = useGuild((snapshot) => snapshot.view.roles[id])
  return <Mention>@{role?.name ?? 'unknown role'}</Mention>
}

export function ChannelMention({ id }: { id: string }) {
  const store = useGuildStore()
  const channel = useGuild((snapshot) => snapshot.view.channels[id])
  if (channel === undefined) return <Mention>#unknown channel</Mention>
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: id }}
      className="no-underline hover:underline"
    >
      <Mention>#{channel.name}</Mention>
    </Link>
  )
}
