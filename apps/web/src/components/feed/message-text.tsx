import { Link } from '@tanstack/react-router'
import type { APIMessage } from 'discord-api-types/v10'
import { Fragment, useMemo, type ReactNode } from 'react'
import { clockTime, dayName } from '../../live/format.ts'
import { messageTokens, type TextToken } from './message-tokens.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'

/** The text as it was typed, its mentions by name. Elements only: nothing typed ever becomes markup. */
export function MessageText({ payload }: { payload: APIMessage }) {
  const tokens = useMemo(() => messageTokens(payload.content), [payload.content])
  return (
    <p dir="auto" className="max-w-[72ch] text-md wrap-anywhere whitespace-pre-wrap text-pretty">
      {tokens.map((token, index) => (
        // Tokens have no name of their own, and a text that changes is made of others.
        // oxlint-disable-next-line react/no-array-index-key
        <Fragment key={index}>
          <Token token={token} payload={payload} />
        </Fragment>
      ))}
      {payload.edited_timestamp !== null && payload.edited_timestamp !== undefined && (
        <span title={clockTime(Date.parse(payload.edited_timestamp))} className="ms-1 text-xs text-ink-3">
          (edited)
        </span>
      )}
    </p>
  )
}

function Token({ token, payload }: { token: TextToken; payload: APIMessage }): ReactNode {
  switch (token.kind) {
    case 'text':
      return token.text
    case 'link':
      return (
        <a href={token.href} target="_blank" rel="noopener noreferrer nofollow" className="text-link underline">
          {token.text}
        </a>
      )
    case 'user':
      return <UserMention id={token.id} payload={payload} />
    case 'role':
      return <RoleMention id={token.id} />
    case 'channel':
      return <ChannelMention id={token.id} />
    case 'everyone':
      return <Mention>{token.text}</Mention>
    case 'emoji':
      return `:${token.name}:`
    case 'time':
      break
  }
  return (
    <time dateTime={isoOrNothing(token.at)}>
      {dayName(token.at)} {clockTime(token.at)}
    </time>
  )
}

function Mention({ children }: { children: ReactNode }) {
  return (
    <span className="-mx-0.5 rounded-1 bg-live-soft px-0.5 font-strong text-live">
      <bdi>{children}</bdi>
    </span>
  )
}

function UserMention({ id, payload }: { id: string; payload: APIMessage }) {
  const person = useGuild((snapshot) => snapshot.view.people[id])
  const user = (payload.mentions ?? []).find((mentioned) => mentioned.id === id)
  return <Mention>@{person?.name ?? user?.global_name ?? user?.username ?? 'unknown user'}</Mention>
}

function RoleMention({ id }: { id: string }) {
  const role = useGuild((snapshot) => snapshot.view.roles[id])
  return <Mention>@{role?.name ?? 'unknown role'}</Mention>
}

function ChannelMention({ id }: { id: string }) {
  const store = useGuildStore()
  const channel = useGuild((snapshot) => snapshot.view.channels[id])
  if (channel === undefined) return <Mention>#unknown channel</Mention>
  return (
    <Link to="/guilds/$guildId/channels/$channelId" params={{ guildId: store.guildId, channelId: id }}>
      <Mention>#{channel.name}</Mention>
    </Link>
  )
}

const isoOrNothing = (at: number): string | undefined => {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
