import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { channelOf, need } from '../access.ts'
import { checkGrant, checkOverwrites, overwriteBody } from '../channel-body.ts'
import { refusal } from '../errors.ts'
import { readForm } from '../form.ts'
import { none, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** https://docs.discord.com/developers/resources/channel#edit-channel-permissions */
function setOverwrite({ world, emit }: RestContext, request: RestRequest, isRemoval: boolean) {
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if (!('permission_overwrites' in channel)) throw refusal.wrongChannelType()
  need(has, Bit.ManageRoles)
  const id = param(request, 'overwrite_id')
  const others = (channel.permission_overwrites ?? []).filter((overwrite) => overwrite.id !== id)
  let added: object[] = []
  if (isRemoval) {
    if (others.length === channel.permission_overwrites?.length) throw refusal.unknownOverwrite()
  } else {
    const { type, allow, deny } = readForm(overwriteBody, request.body ?? {})
    checkOverwrites(world, guild, [{ id, type }], channel.permission_overwrites)
    checkGrant(has, [{ allow, deny }])
    added = [{ id, type, allow, deny }]
  }
  const payload = { ...channel, guild_id: guild.id, permission_overwrites: [...others, ...added] }
  emit({ event: 'CHANNEL_UPDATE', payload })
  return none()
}

const path = '/channels/:channel_id/permissions/:overwrite_id'

export const overwriteRoutes: readonly Route[] = [
  { method: 'PUT', path, handle: (context, request) => setOverwrite(context, request, false) },
  { method: 'DELETE', path, handle: (context, request) => setOverwrite(context, request, true) },
]
