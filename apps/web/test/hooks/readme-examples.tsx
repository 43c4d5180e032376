import { useState, type ReactNode } from 'react'
import {
  createActingGateway,
  GatewayProvider,
  useChannelRights,
  useCommand,
  useDeeds,
  useEvents,
  useGuild,
  useHops,
  useMemberRights,
  useMessages,
  useUnread,
  useVoice,
} from '../../src/hooks/index.ts'

// The examples of the hooks' README, which are to compile; readme.test.tsx shows some of them.

declare function play(file: string): void

function Title() {
  const guild = useGuild(({ view }) => view.guild)
  return <h1>{guild?.name ?? 'Loading'}</h1>
}

function Room({ id }: { id: string }) {
  return useVoice(id).map(({ userId, person, muted }) => (
    <li key={userId}>
      {person?.name ?? 'Somebody'} {muted && '(muted)'}
    </li>
  ))
}

function Chat({ channelId }: { channelId: string }) {
  const { messages, hasEarlier, loadEarlier } = useMessages(channelId)
  return (
    <>
      {hasEarlier && <button onClick={loadEarlier}>Earlier</button>}
      {messages.map(({ id, payload, deletedAt }) => (
        <p key={id}>{deletedAt === null ? payload.content : 'deleted'}</p>
      ))}
    </>
  )
}

function Bell() {
  useEvents(['VOICE_STATE_UPDATE'], ({ payload, replayed }) => {
    if (!replayed && payload.channel_id !== null) play('/bell.ogg')
  })
  return null
}

function Notice() {
  const { browser, report, lateMs } = useHops()
  if (browser.phase === 'reconnecting') return <p>Reconnecting. You see what was last known.</p>
  if (report?.gateway.state === 'down') return <p>The gateway is away.</p>
  return lateMs === null ? null : <p>{Math.round(lateMs / 1000)} s late</p>
}

function Badge({ guildId }: { guildId: string }) {
  const unread = useUnread(guildId)
  return unread === null || unread.count === 0 ? null : <b>{unread.count}</b>
}

function App({ viewerId, children }: { viewerId: string; children: ReactNode }) {
  const [gateway] = useState(createActingGateway)
  return (
    <GatewayProvider gateway={gateway} viewerId={viewerId}>
      {children}
    </GatewayProvider>
  )
}

function Move({ userId, channelId }: { userId: string; channelId: string }) {
  const { moveMember } = useCommand()
  return <button onClick={() => void moveMember({ userId, channelId })}>Move here</button>
}

function Show({ channelId }: { channelId: string }) {
  const { uploadFile, sendMessage } = useCommand()
  const show = async (file: File | undefined) => {
    if (file === undefined) return
    const uploaded = await uploadFile({ channelId, file })
    if (uploaded.ok) await sendMessage({ channelId, content: '', files: [uploaded] })
  }
  return <input type="file" aria-label="Show a file" onChange={({ target }) => void show(target.files?.[0])} />
}

function Undone() {
  const deeds = useDeeds((items) => items)
  return deeds
    .filter(({ state }) => state !== 'pending')
    .map(({ requestId, failure }) => <p key={requestId}>{failure?.text ?? 'It may or may not have been done.'}</p>)
}

function Write({ channelId }: { channelId: string }) {
  const rights = useChannelRights(channelId)
  const { sendMessage } = useCommand()
  const may = rights !== null && rights.send === null
  return (
    <button aria-disabled={!may} onClick={() => may && void sendMessage({ channelId, content: 'Ready' })}>
      Ready
    </button>
  )
}

function MoveIfAllowed({ userId, channelId, isOpen }: { userId: string; channelId: string; isOpen: boolean }) {
  const { rights } = useMemberRights(userId, isOpen)
  return rights?.move[channelId] === null ? <Move userId={userId} channelId={channelId} /> : null
}

export { App, Badge, Bell, Chat, MoveIfAllowed, Notice, Room, Show, Title, Undone, Write }
