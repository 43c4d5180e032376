import { useState } from 'react'
import { useGuild } from '../../hooks/use-guild-store.ts'
import type { Person, ViewVoice } from '../../live/view/view-types.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { MemberMenuTrigger, UnderWay, useUnderWay } from './member-menu.tsx'
import { useCrowdRoom } from './use-crowd-room.ts'
import { byShow, isOnStage, showsSomething } from './voice-order.ts'

/** With more marks than this the name needs the room of the word. */
const MARKS_BESIDE_WORD = 1

/** More than this become a crowd: those who show something by name, then two rows of faces, then a number. */
const BY_NAME = 25
const NAMED_IN_CROWD = 3

/** Who is in a voice channel; on a stage, who speaks there before who listens. */
export function VoiceMembers({ states, isStage }: { states: readonly ViewVoice[]; isStage: boolean }) {
  if (!isStage) return <Group states={states} what="in it" />
  const speakers = states.filter(isOnStage)
  const audience = states.filter((state) => !isOnStage(state))
  return (
    <>
      {speakers.length > 0 && <Part name="Speakers" />}
      <Group states={speakers} what="speaking" />
      {audience.length > 0 && <Part name="Audience" />}
      {/* Who only listens is one of many; the stage has named its speakers. */}
      <Group states={audience} what="listening" named={0} />
    </>
  )
}

function Part({ name }: { name: string }) {
  return <li className="ms-[1.1875rem] border-s border-line ps-3 pe-2 text-2xs/5 text-ink-3">{name}</li>
}

/** @param named so many of a crowd go by name, however little they show. */
function Group({
  states,
  what,
  named = NAMED_IN_CROWD,
}: {
  states: readonly ViewVoice[]
  what: string
  named?: number
}) {
  const [all, setAll] = useState(false)
  if (all || states.length <= BY_NAME) return states.map((state) => <VoiceMember key={state.userId} state={state} />)
  const sorted = byShow(states)
  const shown = Math.max(named, Math.min(NAMED_IN_CROWD, sorted.filter(showsSomething).length))
  const rest = sorted.slice(shown)
  return (
    <>
      {sorted.slice(0, shown).map((state) => (
        <VoiceMember key={state.userId} state={state} />
      ))}
      <Crowd rest={rest} what={what} all={states.length} onAll={() => setAll(true)} />
    </>
  )
}

function Crowd({
  rest,
  what,
  all,
  onAll,
}: {
  rest: readonly ViewVoice[]
  what: string
  all: number
  onAll: () => void
}) {
  const [faces, room] = useCrowdRoom()
  const beyond = rest.length - faces
  return (
    <li className="ms-[1.1875rem] border-s border-line py-1 ps-3 pe-1">
      <span className="sr-only">
        {rest.length} more {what}
      </span>
      <span ref={room} className="flex flex-wrap items-center gap-[3px]">
        {rest.slice(0, faces).map((state) => (
          <Face key={state.userId} userId={state.userId} />
        ))}
        <Button kind="quiet" small onClick={onAll}>
          {beyond > 0 ? `${beyond} more` : 'Names'}
          <span className="sr-only">
            , show all {all} {what}
          </span>
        </Button>
      </span>
    </li>
  )
}

function VoiceMember({ state }: { state: ViewVoice }) {
  const person = usePersonIn(state.userId)
  const doing = useUnderWay(state.userId)
  const marks = marksOf(state)
  const names = marks.map((mark) => mark.name).join(', ')
  return (
    <li className="ms-[1.1875rem] flex items-center border-s border-line text-ink-2">
      <MemberMenuTrigger
        userId={state.userId}
        data-arrow-stop={state.userId}
        aria-busy={doing !== null || undefined}
        className="focus-inside touch-target flex min-h-[1.625rem] min-w-0 flex-1 items-center gap-2 rounded-2 ps-3 pe-2 text-start hover:bg-hover data-popup-open:bg-hover touch:min-h-9"
      >
        <Avatar of={faceOf(state.userId, person)} size={20} />
        {/* As wide as it is: one that is read from the right would stand away from its face. */}
        <span dir="auto" title={person?.name} className="min-w-0 truncate">
          {person?.name ?? 'Unknown member'}
        </span>
        <span className="flex-1" />
        <UnderWay doing={doing} />
        {marks.length > 0 && (
          <span title={names} className="flex gap-[5px] text-ink-3">
            <span className="sr-only">{names}</span>
            {marks.map((mark) => (
              <Icon key={mark.name} name={mark.icon} size={14} className={mark.byModerator ? 'text-down' : ''} />
            ))}
          </span>
        )}
        {state.streaming && (
          <span title="streaming" className="inline-flex items-center gap-[3px] text-2xs/none font-strong text-live">
            <Icon name="streaming" size={14} />
            <span className={marks.length > MARKS_BESIDE_WORD ? 'sr-only' : ''}>streaming</span>
          </span>
        )}
      </MemberMenuTrigger>
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

type VoiceMark = { name: string; icon: IconName; byModerator: boolean }

/** What a moderator did has a mark of its own shape: who it was done to cannot end it. */
function marksOf(state: ViewVoice): VoiceMark[] {
  const { muted, deafened, serverMuted, serverDeafened, camera, raisedHand } = state
  const marks: (VoiceMark & { on: boolean })[] = [
    { name: 'asks to speak', icon: 'hand', byModerator: false, on: raisedHand },
    { name: 'muted', icon: 'muted', byModerator: false, on: muted && !serverMuted },
    { name: 'muted by a moderator', icon: 'serverMuted', byModerator: true, on: serverMuted },
    { name: 'deafened', icon: 'deafened', byModerator: false, on: deafened && !serverDeafened },
    { name: 'deafened by a moderator', icon: 'serverDeafened', byModerator: true, on: serverDeafened },
    { name: 'camera on', icon: 'camera', byModerator: false, on: camera },
  ]
  return marks.filter((mark) => mark.on)
}
