import type { GuildView } from './view-types.ts'

/** What somebody is in a server, in a word: its owner, what the highest of their roles that are listed apart is called, or a member. */
export function standingOf(
  { guild, people, roles }: Pick<GuildView, 'guild' | 'people' | 'roles'>,
  userId: string,
): string {
  if (guild?.ownerId === userId) return 'owner'
  const own = (people[userId]?.roles ?? []).flatMap((id) => roles[id] ?? [])
  const [highest] = own.filter(({ hoist }) => hoist).sort((a, b) => b.position - a.position)
  return highest?.name ?? 'member'
}
