import { readFile } from 'node:fs/promises'
import type { GatewayServiceClient } from '@repo/discord-integration/clients'
import {
  ApplicationCommandOptionType,
  MessageFlags,
  PermissionFlagsBits,
  type APIChatInputApplicationCommandGuildInteraction,
} from 'discord-api-types/v10'

/** A message with a file: it is uploaded beside the link, and named by the message. */
export async function sendPicture(link: GatewayServiceClient, channel_id: string): Promise<void> {
  const { upload } = await link.upload(await readFile('docs/page.png'), { filename: 'page.png' })
  await link.messages.send({ channel_id, content: 'Look!', files: [{ upload, description: 'The page' }] })
}

/** `/ban`, for one server. It is enough to say so once; saying it again changes nothing. */
export async function registerBan(link: GatewayServiceClient, guild_id: string): Promise<void> {
  await link.slash.createGuild({
    guild_id,
    name: 'ban',
    description: 'Ban somebody',
    options: [{ type: ApplicationCommandOptionType.User, name: 'who', description: 'Whom', required: true }],
    default_member_permissions: String(PermissionFlagsBits.BanMembers),
  })
}

/**
 * What comes as the event INTERACTION_CREATE when somebody uses it. Discord waits 3 seconds for an answer, so that it is put off
 * first. With these request ids each is done once, however many copies of this backend hear of it.
 */
export async function onBan(
  link: GatewayServiceClient,
  { id, token, guild_id, member, data }: APIChatInputApplicationCommandGuildInteraction,
): Promise<void> {
  const [who] = data.options ?? []
  if (who?.type !== ApplicationCommandOptionType.User) return
  const by = (step: string) => ({ requestId: `${id}-${step}`, actor: member.user.id })
  const interaction = { interaction_id: id, interaction_token: token }
  await link.interactions.defer({ ...interaction, flags: MessageFlags.Ephemeral }, by('defer'))
  await link.bans.add({ guild_id, user_id: who.value, reason: 'by /ban' }, by('ban'))
  await link.interactions.editReply({ interaction_token: token, content: 'Banned.' }, by('reply'))
}
