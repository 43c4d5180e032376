import type { ReactNode } from 'react'
import type { Typing } from '../../live/view/view-types.ts'
import { TYPING_MS } from '../../live/view/view-typing.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { useNow } from '../ui/use-now.ts'

const nobody: readonly Typing[] = []
/** More than so many go by their number. */
const NAMED = 3

/** Who writes, in the room that the feed leaves below its last line: nothing moves for it, and nobody is told aloud. */
export function TypingLine({ channelId }: { channelId: string }) {
  const typing = useGuild((snapshot) => snapshot.view.typing[channelId]) ?? nobody
  return typing.length === 0 ? null : <Writing typing={typing} />
}

function Writing({ typing }: { typing: readonly Typing[] }) {
  const now = useNow(1_000)
  const people = useGuild((snapshot) => snapshot.view.people)
  const names = typing.filter(({ at }) => now - at < TYPING_MS).map(({ userId }) => people[userId]?.name ?? 'Someone')
  if (names.length === 0) return null
  return (
    <p className="pointer-events-none absolute start-0 bottom-0.5 max-w-full truncate rounded-1 bg-panel ps-17 pe-2 text-2xs text-ink-3 max-md:ps-[3.875rem]">
      {names.length > NAMED ? 'Several people write' : <Sentence names={names} />}
    </p>
  )
}

function Sentence({ names }: { names: readonly string[] }): ReactNode {
  return (
    <>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && (index === names.length - 1 ? ' and ' : ', ')}
          <b dir="auto" className="text-ink-2">
            {name}
          </b>
        </span>
      ))}{' '}
      {names.length === 1 ? 'writes' : 'write'}
    </>
  )
}
