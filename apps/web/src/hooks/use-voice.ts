import { useMemo } from 'react'
import { voiceByChannel } from '../live/view/channel-tree.ts'
import type { Person, ViewVoice } from '../live/view/view-types.ts'
import { useGuild } from './use-guild-store.ts'

/** Somebody in a voice or stage channel, how they are there, and who they are. */
export type VoiceMember = ViewVoice & {
  /** Null where the server has not said who that is: a guild's snapshot names some hundred members. */
  person: Person | null
}

/** Who is in that voice channel, by name; without one, who is in any, channel by channel. */
export function useVoice(channelId?: string): readonly VoiceMember[] {
  const voice = useGuild((snapshot) => snapshot.view.voice)
  const people = useGuild((snapshot) => snapshot.view.people)
  return useMemo(() => {
    const byChannel = voiceByChannel(voice, people)
    const states = channelId === undefined ? Object.values(byChannel).flat() : (byChannel[channelId] ?? [])
    return states.map((state) => ({ ...state, person: people[state.userId] ?? null }))
  }, [voice, people, channelId])
}
