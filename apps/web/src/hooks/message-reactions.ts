import type { APIMessage } from 'discord-api-types/v10'

export type ReactionEmoji = { id: string | null; name: string | null; animated?: boolean | undefined }

export type ViewReaction = {
  /** Custom emoji by id, others by name, as Discord tells them apart. */
  key: string
  emoji: ReactionEmoji
  count: number
  /** The viewer's own is among them. */
  mine: boolean
  /** Who was seen to add (`true`) or remove (`false`) it: the same event twice counts once. */
  seen: Readonly<Record<string, boolean>>
}

export const emojiKey = (emoji: ReactionEmoji): string => emoji.id ?? emoji.name ?? ''

export function reactionsOf(payload: APIMessage): ViewReaction[] {
  return (payload.reactions ?? []).map(({ emoji, count, me }) => ({
    key: emojiKey(emoji),
    emoji: { id: emoji.id, name: emoji.name, animated: emoji.animated },
    count,
    mine: me,
    seen: {},
  }))
}

export function changeReaction(
  reactions: readonly ViewReaction[],
  change: { emoji: ReactionEmoji; userId: string; added: boolean; mine: boolean },
): readonly ViewReaction[] {
  const key = emojiKey(change.emoji)
  const index = reactions.findIndex((reaction) => reaction.key === key)
  const before = reactions[index]
  if (before === undefined) {
    if (!change.added) return reactions
    const first = { key, emoji: change.emoji, count: 1, mine: change.mine, seen: { [change.userId]: true } }
    return [...reactions, first]
  }
  if (before.seen[change.userId] === change.added) return reactions
  const count = before.count + (change.added ? 1 : -1)
  if (count <= 0) return reactions.toSpliced(index, 1)
  const after: ViewReaction = {
    ...before,
    count,
    mine: change.mine ? change.added : before.mine,
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
