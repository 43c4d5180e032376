import { GatewayIntentBits, PermissionFlagsBits } from 'discord-api-types/v10'
import { shownThread } from '../world/threads.ts'
import type { Guild } from '../world/types.ts'
import type { World } from '../world/world.ts'

/**
 * A guild as GUILD_CREATE shows it to one session: less without the intents for it.
 * https://docs.discord.com/developers/events/gateway-events#guild-create
 */
export function guildCreateFor(world: World, guild: Guild, intents: number, largeThreshold: number): Guild {
  const voice_states = intents & GatewayIntentBits.GuildVoiceStates ? guild.voice_states : []
  const presences = intents & GatewayIntentBits.GuildPresences ? guild.presences : []
  const large = guild.member_count > largeThreshold
  const speaking = new Set([world.bot.id, ...voice_states.map((state) => state.user_id)])
  const online = new Set([...speaking, ...guild.presences.map((presence) => presence.user.id)])
  // Without the presences intent only the bot and who is in voice; of a large guild, who is online.
  const shown = intents & GatewayIntentBits.GuildPresences ? (large ? online : undefined) : speaking
  // All active threads: of archived ones a bot hears nothing before it asks, or somebody opens them.
  const isListed = (channel: Guild['threads'][number]) =>
    !channel.thread_metadata?.archived &&
    (world.permissions({ guild, channel }, world.bot.id) & PermissionFlagsBits.ViewChannel) !== 0n
  return {
    ...guild,
    large,
    unavailable: false,
    voice_states,
    presences,
    members: shown ? guild.members.filter((member) => shown.has(member.user.id)) : guild.members,
    threads: guild.threads.filter(isListed).map((thread) => shownThread(world, thread)),
  }
}
