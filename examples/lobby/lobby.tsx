import { useEffect, useState } from 'react'
import { useGuild, useHops, useMessages, useVoice, type VoiceMember } from '../../apps/web/src/hooks/index.ts'

const PLAYERS_MIN = 2
const COUNTDOWN_S = 3

/**
 * A game lobby on a voice channel: whoever is in it plays, and is ready once they write "ready" in the channel's own chat,
 * until they write "wait", or anybody "again". Discord keeps all of it, so everybody sees the same, whenever they come.
 */
export function Lobby({
  channelId,
  onStart,
}: {
  channelId: string
  onStart: (players: readonly VoiceMember[]) => void
}) {
  const players = useVoice(channelId)
  const ready = useReady(channelId)
  const isReady = ({ userId }: VoiceMember) => ready.has(userId)
  const waitingFor = players.filter((player) => !isReady(player))
  const left = useCountdown(players.length >= PLAYERS_MIN && waitingFor.length === 0, () => onStart(players))
  return (
    <section aria-label="Lobby">
      <output>{statusOf(players, waitingFor, left)}</output>
      <ul>
        {players.map((player) => (
          <li key={player.userId} data-ready={isReady(player)}>
            <span dir="auto">{nameOf(player)}</span>
            {player.muted && <small>muted</small>}
            <strong>{isReady(player) ? 'ready' : 'not ready'}</strong>
          </li>
        ))}
      </ul>
      <p>Join in Discord to play. Write “ready” in the channel’s chat when you are, and “wait” when you are not.</p>
    </section>
  )
}

/** The people whose last word on it, in the channel's chat, was that they are ready. */
function useReady(channelId: string): ReadonlySet<string> {
  const { messages } = useMessages(channelId)
  const ready = new Set<string>()
  for (const { payload } of messages) {
    const word = payload.content.trim().toLowerCase()
    if (word === 'ready') ready.add(payload.author.id)
    else if (word === 'wait') ready.delete(payload.author.id)
    else if (word === 'again') ready.clear()
  }
  return ready
}

/** Seconds left while `runs`, or null; `atEnd` once, unless it was stopped before. */
function useCountdown(runs: boolean, atEnd: () => void): number | null {
  const [left, setLeft] = useState(COUNTDOWN_S)
  useEffect(() => {
    if (!runs) return setLeft(COUNTDOWN_S)
    if (left === 0) return atEnd()
    const timer = setTimeout(() => setLeft(left - 1), 1_000)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-deps -- it ends once, whoever asks then
  }, [runs, left])
  return runs ? left : null
}

function statusOf(players: readonly VoiceMember[], waitingFor: readonly VoiceMember[], left: number | null): string {
  if (left !== null) return left === 0 ? 'Go' : `All are ready: starts in ${left}`
  if (players.length === 0) return 'Nobody is here yet'
  if (players.length < PLAYERS_MIN) return 'Waits for somebody to play with'
  return `Waits for ${waitingFor.map(nameOf).join(', ')}`
}

export const nameOf = ({ person }: VoiceMember): string => person?.name ?? 'Somebody'

/** The voice channels that one may see, to choose from. */
export function useVoiceChannels() {
  const channels = useGuild((snapshot) => snapshot.view.channels)
  return Object.values(channels).filter(({ type }) => type === 2)
}

/** Says when what is shown is not what is. */
export function Connection() {
  const { browser, report } = useHops()
  if (browser.phase === 'signed-out') return <output>You were signed out.</output>
  const isWhole = browser.phase === 'live' && report?.gateway.state !== 'down'
  return isWhole ? null : <output>Waits for the connection.</output>
}
