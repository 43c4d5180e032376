import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { permissionsIn, permissionsOf } from '../../src/index.ts'
import type { JsonObject, PermissionMember } from '../../src/index.ts'
import { NOW } from './world.ts'
import type { For, World } from './world.ts'

/** What a member may do in a place, and in the guild. */
type Permissions = {
  in: (place: JsonObject, parent: JsonObject | undefined, isThreadMember: boolean) => bigint
  everywhere: bigint
}

/** Whether a text that says for whom it is may be read by that member as things are: by permissions alone, event by event. */
export function isFor(world: World, member: PermissionMember, where: string, who: For): boolean {
  const { roles } = world.guild.collections
  const guild = { id: world.guild.id, owner_id: world.guild.fields['owner_id'], roles: [...roles.values()] }
  return isForOne(
    world,
    member.user.id,
    { where, who },
    {
      in: (place, parent, isThreadMember) => permissionsIn(member, guild, place, { parent, isThreadMember, now: NOW }),
      everywhere: permissionsOf(member, guild, { now: NOW }),
    },
  )
}

/** The same by somebody else's permissions. */
export function isForOne(
  world: World,
  userId: string,
  { where, who }: { where: string; who: For },
  permissions: Permissions,
): boolean {
  const { channels, voice_states: voice } = world.guild.collections
  const thread = world.threads.get(where)
  const channel = channels.get(thread?.parent ?? where)
  const isHidden = channel === undefined || channel['flags'] !== undefined
  const isThreadMember = thread?.members.has(userId) === true
  const place = thread ? { id: where, type: thread.isPrivate ? 12 : 11, parent_id: thread.parent } : channel
  const here = isHidden || !place ? 0n : permissions.in(place, channel, isThreadMember)
  const { everywhere } = permissions
  const has = (bits: bigint, ...wanted: bigint[]) => wanted.every((bit) => (bits & bit) === bit)
  const connects = channel?.['type'] === 2 || channel?.['type'] === 13 ? [P.Connect] : []
  switch (who) {
    case 'view':
      return has(here, P.ViewChannel)
    case 'read':
      return has(here, P.ViewChannel, ...connects)
    case 'history':
      return has(here, P.ViewChannel, P.ReadMessageHistory, ...connects)
    case 'connected':
      return has(here, P.ViewChannel) && voice.get(userId)?.['channel_id'] === where
    case 'invite':
      return has(here, P.ManageChannels) || has(everywhere, P.ManageGuild)
    case 'automod':
      return has(here, P.ViewChannel, ...connects) && has(everywhere, P.ManageGuild)
    case 'ban':
      return has(everywhere, P.BanMembers)
    case 'audit':
      return has(everywhere, P.ViewAuditLog)
    case 'nobody':
      return false
  }
}
