import { useState } from 'react'
import { useGuild } from '../../hooks/use-guild-store.ts'
import type { Person, ViewVoice } from '../../live/view/view-types.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'

/** With more marks than this the name needs the room of the word. */
const MARKS_BESIDE_WORD = 1

/** More than this become a crowd: those who show something by name, then faces, then a number. */
const BY_NAME = 25
const NAMED_IN_CROWD = 3
const FACES = 13

export function VoiceMembers({ states }: { states: readonly ViewVoice[] }) {
  const [all, setAll] = useState(false)
  if (all || states.length <= BY_NAME) return states.map((state) => <VoiceMember key={state.userId} state={state} />)
  const byShow = states.toSorted((a, b) => show(b) - show(a))
  const rest = byShow.slice(NAMED_IN_CROWD)
  return (
    <>
      {byShow.slice(0, NAMED_IN_CROWD).map((state) => (
        <VoiceMember key={state.userId} state={state} />
      ))}
      <li className="flex flex-wrap items-center gap-1 py-1.5 ps-8 pe-2" aria-label={`${rest.length} more listening`}>
        {rest.slice(0, FACES).map((state) => (
          <Face key={state.userId} userId={state.userId} />
        ))}
        <Button kind="quiet" small onClick={() => setAll(true)}>
          {rest.length - FACES} more
        </Button>
      </li>
    </>
  )
}

const show = (state: ViewVoice): number => Number(state.streaming) * 2 + Number(state.camera)

function VoiceMember({ state }: { state: ViewVoice }) {
  const person = usePersonIn(state.userId)
  const marks = marksOf(state)
  const names = marks.map((mark) => mark.name).join(', ')
  return (
    <li className="ms-[1.1875rem] flex min-h-[1.625rem] items-center gap-2 border-s border-line ps-3 pe-2 text-ink-2 touch:min-h-9">
      <Avatar of={faceOf(state.userId, person)} size={20} />
      <span dir="auto" title={person?.name} className="min-w-0 flex-1 truncate">
        {person?.name ?? 'Unknown member'}
      </span>
      {marks.length > 0 && (
        <span title={names} className="flex gap-[5px] text-ink-3">
          <span className="sr-only">{names}</span>
          {marks.map((mark) => (
            <Icon key={mark.name} name={mark.icon} size={14} />
          ))}
        </span>
      )}
      {state.streaming && (
        <span title="streaming" className="inline-flex items-center gap-[3px] text-2xs/none font-strong text-live">
          <Icon name="streaming" size={14} />
          <span className={marks.length > MARKS_BESIDE_WORD ? 'sr-only' : ''}>streaming</span>
        </span>
      )}
    </li>
  )
}

function Face({ userId }: { userId: string }) {
  return <Avatar of={faceOf(userId, usePersonIn(userId))} size={20} />
}

function usePersonIn(userId: string): Person | undefined {
  return useGuild((snapshot) => snapshot.view.people[userId])
}

export function faceOf(userId: string, person: Person | undefined) {
  return { id: userId, name: person?.name ?? '?', src: userPicture(userId, person?.avatar ?? null) }
}

function marksOf({ muted, deafened, camera }: ViewVoice): { name: string; icon: IconName }[] {
  const marks: { name: string; icon: IconName; on: boolean }[] = [
    { name: 'muted', icon: 'muted', on: muted },
    { name: 'deafened', icon: 'deafened', on: deafened },
    { name: 'camera on', icon: 'camera', on: camera },
  ]
  return marks.filter((mark) => mark.on)
}
