import type { APIMessage } from 'discord-api-types/v10'

export type ReactionEmoji = { id: string | null; name: string | null; animated?: boolean | undefined }

export type ViewReaction = {
  /** Custom emoji by id, others by name, as Discord tells them apart. */
  key: string
  emoji: ReactionEmoji
  count: number
  /** Who was seen to add (`true`) or remove (`false`) it: the same event twice counts once. */
  seen: Readonly<Record<string, boolean>>
}

/** History was read by the bot, whose `me` is not the viewer's: only an event that named the viewer says so. */
export const isMine = ({ seen }: ViewReaction, viewerId: string | null): boolean =>
  viewerId !== null && seen[viewerId] === true

export const emojiKey = (emoji: ReactionEmoji): string => emoji.id ?? emoji.name ?? ''

/** As commands name it: `name:id` for a server's own; null for one that was deleted, whose name Discord does not say. */
export const emojiOf = ({ id, name }: ReactionEmoji): string | null =>
  name === null ? null : id === null ? name : `${name}:${id}`

export function reactionsOf(payload: APIMessage): ViewReaction[] {
  return (payload.reactions ?? []).map(({ emoji, count }) => ({
    key: emojiKey(emoji),
    emoji: { id: emoji.id, name: emoji.name, animated: emoji.animated },
    count,
    seen: {},
  }))
}

export function changeReaction(
  reactions: readonly ViewReaction[],
  change: { emoji: ReactionEmoji; userId: string; added: boolean },
): readonly ViewReaction[] {
  const key = emojiKey(change.emoji)
  const index = reactions.findIndex((reaction) => reaction.key === key)
  const before = reactions[index]
  if (before === undefined) {
    if (!change.added) return reactions
    const first = { key, emoji: change.emoji, count: 1, seen: { [change.userId]: true } }
    return [...reactions, first]
  }
  if (before.seen[change.userId] === change.added) return reactions
  const count = before.count + (change.added ? 1 : -1)
  if (count <= 0) return reactions.toSpliced(index, 1)
  const after: ViewReaction = {
    ...before,
    count,
    seen: { ...before.seen, [change.userId]: change.added },
  }
  return reactions.with(index, after)
}

/** History read while events came: what events said of a message since it was first seen is not older than the page. */
export function mergeReactions(
  before: { reactions: readonly ViewReaction[] },
  fresh: { reactions: readonly ViewReaction[] },
): readonly ViewReaction[] {
  return before.reactions.some((reaction) => Object.keys(reaction.seen).length > 0) ? before.reactions : fresh.reactions
}
