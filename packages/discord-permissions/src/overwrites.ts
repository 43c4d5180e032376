import { OverwriteType } from 'discord-api-types/v10'
import { bitsOf, GUILD_ONLY } from './bits.ts'
import { isObject } from './json.ts'

export type Overwrite = { readonly id: string; readonly allow: bigint; readonly deny: bigint }

/** A channel's overwrites by whom they are for. */
export type Overwrites = {
  /** That of @everyone among them. */
  readonly ofRoles: readonly Overwrite[]
  readonly ofMembers: ReadonlyMap<string, Overwrite>
  /** What came of them, for those to whom the same ones apply: `standing.ts` fills it. */
  readonly outcomes: Map<number, Map<bigint, bigint>>
}

/** By the array they came in. Who keeps a channel replaces its arrays and never writes into them. */
const known = new WeakMap<object, Overwrites | null>()

/**
 * A channel's `permission_overwrites`. Null where one of them is not as documented: it may be the one that denies.
 * https://docs.discord.com/developers/resources/channel#overwrite-object
 */
export function overwritesOf(value: unknown): Overwrites | null {
  if (!Array.isArray(value)) return null
  let overwrites = known.get(value)
  if (overwrites === undefined) {
    overwrites = parse(value)
    known.set(value, overwrites)
  }
  return overwrites
}

function parse(entries: readonly unknown[]): Overwrites | null {
  const ofRoles: Overwrite[] = []
  const ofMembers = new Map<string, Overwrite>()
  for (const entry of entries) {
    if (!isObject(entry)) return null
    const { id, type } = entry
    const allow = bitsOf(entry['allow'])
    const deny = bitsOf(entry['deny'])
    if (typeof id !== 'string' || allow === null || deny === null) return null
    const overwrite = { id, allow: allow & ~GUILD_ONLY, deny: deny & ~GUILD_ONLY }
    if (type === OverwriteType.Role) ofRoles.push(overwrite)
    else if (type === OverwriteType.Member) ofMembers.set(id, overwrite)
    else return null
  }
  return { ofRoles, ofMembers, outcomes: new Map() }
}
