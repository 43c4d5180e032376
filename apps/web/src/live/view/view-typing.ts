import type { GatewayTypingStartDispatchData } from 'discord-api-types/v10'
import { idOf, numberOr } from './given.ts'
import { without } from './record.ts'
import { withPerson } from './view-people.ts'
import { personOf, type GuildView } from './view-types.ts'

/** So long one is shown as writing after Discord said so: its clients say it again every ten seconds while one does. */
export const TYPING_MS = 10_000
/** What is told of a time so long ago is a replay, whatever the clocks are. */
const REPLAYED_MS = 60_000

/** Who writes is somebody the page then knows; whoever wrote longer ago is forgotten. */
export function applyTyping(view: GuildView, payload: GatewayTypingStartDispatchData, at: number): GuildView {
  const userId = idOf(payload.user_id)
  const channelId = idOf(payload.channel_id)
  if (at - numberOr(payload.timestamp, 0) * 1000 > REPLAYED_MS || userId === view.viewerId) return view
  const others = (view.typing[channelId] ?? []).filter((one) => one.userId !== userId && at - one.at < TYPING_MS)
  const { member } = payload
  const named = member?.user === undefined ? view : withPerson(view, personOf(member.user, member))
  return { ...named, typing: { ...view.typing, [channelId]: [...others, { userId, at }] } }
}

/** Who has said it writes it no more. */
export function typedUntilSaid(view: GuildView, channelId: string, userId: string): GuildView {
  const typing = view.typing[channelId]
  if (typing?.some((one) => one.userId === userId) !== true) return view
  const left = typing.filter((one) => one.userId !== userId)
  return {
    ...view,
    typing: left.length === 0 ? without(view.typing, channelId) : { ...view.typing, [channelId]: left },
  }
}
