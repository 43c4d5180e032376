import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import { GuildState } from '@repo/event-feed'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { Deputy } from '../../src/server/deputy/deputy.ts'
import { Ledger } from '../../src/server/deputy/ledger.ts'
import type { Permission } from '../../src/server/deputy/needs.ts'
import { Slowmode } from '../../src/server/deputy/slowmode.ts'
import type { Member } from '../../src/server/membership/membership.ts'

const bits = (...names: Permission[]) => String(names.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n))
const deny = (id: string, ...names: Permission[]) => ({ id, type: 0, allow: '0', deny: bits(...names) })
const allow = (id: string, ...names: Permission[]) => ({ id, type: 0, allow: bits(...names), deny: '0' })

export const NOW = Date.parse('2026-01-01T00:00:00Z')

/** The bot. Its member is known where its roles are given. */
const BOT = '70'

export const MODERATOR = '91'
const STAFF = '92'
const MENTIONABLE = '93'
export const ADMIN = '94'
/** Of two at one position the older is the higher. */
export const OLDER = '81'
const YOUNGER = '82'

/** The message that the bot wrote for each of them, in channel 11 of guild 1. */
export const OWN_MESSAGE = '700'
/** One that it wrote for somebody else. */
export const OTHER_MESSAGE = '701'

/** Guild 1, and another one. */
function stateOf(): GuildState {
  const state = new GuildState()
  const everyone: Permission[] = [
    'ViewChannel',
    'SendMessages',
    'SendMessagesInThreads',
    'ReadMessageHistory',
    'AddReactions',
    'EmbedLinks',
    'Connect',
  ]
  state.apply('GUILD_CREATE', '1', {
    id: '1',
    name: 'Ark',
    icon: 'abc',
    member_count: 12,
    owner_id: '50',
    roles: [
      { id: '1', permissions: bits(...everyone) },
      {
        id: MODERATOR,
        position: 5,
        permissions: bits(
          'ManageMessages',
          'ManageThreads',
          'MoveMembers',
          'MuteMembers',
          'ModerateMembers',
          'MentionEveryone',
        ),
      },
      { id: STAFF, position: 2, permissions: '0' },
      { id: MENTIONABLE, position: 1, permissions: '0', mentionable: true },
      { id: ADMIN, position: 3, permissions: bits('Administrator') },
      { id: OLDER, position: 4, permissions: bits('ModerateMembers') },
      { id: YOUNGER, position: 4, permissions: bits('ModerateMembers') },
    ],
    channels: [
      { id: '11', type: ChannelType.GuildText, permission_overwrites: [] },
      {
        id: '12',
        type: ChannelType.GuildText,
        permission_overwrites: [deny('1', 'ViewChannel'), allow(STAFF, 'ViewChannel'), allow(MODERATOR, 'ViewChannel')],
      },
      {
        id: '13',
        type: ChannelType.GuildText,
        permission_overwrites: [
          deny('1', 'SendMessages', 'AddReactions'),
          allow(MODERATOR, 'SendMessages', 'AddReactions'),
        ],
      },
      { id: '14', type: ChannelType.GuildText, permission_overwrites: [deny('1', 'ReadMessageHistory')] },
      { id: '15', type: ChannelType.GuildVoice, permission_overwrites: [deny('1', 'Connect')] },
      { id: '16', type: ChannelType.GuildVoice, permission_overwrites: [] },
      { id: '17', type: ChannelType.GuildText, permission_overwrites: [], rate_limit_per_user: 30 },
      { id: '18', type: ChannelType.GuildText, permission_overwrites: [deny('1', 'EmbedLinks')] },
    ],
    threads: [
      { id: '21', type: ChannelType.PublicThread, parent_id: '11' },
      { id: '22', type: ChannelType.PrivateThread, parent_id: '11' },
      { id: '23', type: ChannelType.PublicThread, parent_id: '11', thread_metadata: { locked: true } },
      { id: '24', type: ChannelType.PublicThread, parent_id: '12' },
    ],
    voice_states: [
      { user_id: '52', channel_id: '16' },
      { user_id: '53', channel_id: '12' },
    ],
  })
  state.apply('GUILD_CREATE', '2', {
    id: '2',
    name: 'Zoo',
    channels: [{ id: '31', type: ChannelType.GuildText, permission_overwrites: [] }],
  })
  return state
}

/** Who they are to guild 1; a stranger is nobody. */
export const PEOPLE = {
  owner: { user: { id: '50' }, roles: [] },
  moderator: { user: { id: '51' }, roles: [MODERATOR] },
  member: { user: { id: '52' }, roles: [] },
  staff: { user: { id: '53' }, roles: [STAFF] },
  'timed out': {
    user: { id: '54' },
    roles: [STAFF],
    communication_disabled_until: new Date(NOW + 90_000).toISOString(),
  },
  'timed out before': {
    user: { id: '55' },
    roles: [STAFF],
    communication_disabled_until: new Date(NOW - 1).toISOString(),
  },
  'not screened yet': { user: { id: '56' }, roles: [STAFF], pending: true },
  quarantined: { user: { id: '57' }, roles: [STAFF], flags: 1 << 7 },
  older: { user: { id: '60' }, roles: [OLDER] },
  younger: { user: { id: '61' }, roles: [YOUNGER] },
  administrator: { user: { id: '62' }, roles: [ADMIN] },
  stranger: { user: { id: '59' }, roles: [] },
} satisfies Record<string, Member>

export type Who = keyof typeof PEOPLE

export type Sent = { command: CommandName; payload: unknown; requestId: string | undefined; actor: string | undefined }

/** The bot acting for one of them. What it sends is kept, and answered with `answer`. */
export function deputyOf(
  who: Who,
  {
    answer = { success: true },
    slowmode = new Slowmode(() => NOW),
    id = PEOPLE[who].user.id,
    botRoles = null,
  }: { answer?: unknown; slowmode?: Slowmode; id?: string; botRoles?: readonly string[] | null } = {},
) {
  const scene = {
    state: stateOf(),
    sent: [] as Sent[],
    answer,
    asked: [] as string[],
    /** The others whose membership was asked about. */
    lookedUp: [] as string[],
    member: (who === 'stranger' ? null : PEOPLE[who]) as Member | null | Error,
    /** The private threads that they are in. */
    threads: new Set<string>(),
    ledger: Ledger.inMemory(() => NOW),
  }
  if (botRoles) scene.state.apply('GUILD_MEMBER_ADD', '1', { guild_id: '1', user: { id: BOT }, roles: botRoles })
  scene.ledger.wrote(id, { channelId: '11', messageId: OWN_MESSAGE })
  scene.ledger.reacted(id, { channelId: '11', messageId: '9', emoji: '🚣' })
  scene.ledger.wrote('77', { channelId: '11', messageId: OTHER_MESSAGE })
  const deputy = new Deputy({
    userId: id,
    state: () => scene.state,
    membership: {
      memberOf: async (guildId, userId) => {
        if (userId !== id) {
          scene.lookedUp.push(userId)
          const other = Object.entries(PEOPLE).find(([name, { user }]) => name !== 'stranger' && user.id === userId)
          return guildId === '1' ? (other?.[1] ?? null) : null
        }
        if (scene.member instanceof Error) throw scene.member
        return guildId === '1' ? scene.member : null
      },
      isInThread: async (_guildId, threadId) => {
        scene.asked.push(threadId)
        return scene.threads.has(threadId)
      },
    },
    botId: () => BOT,
    send: async (command, payload, requestId, actor) => {
      scene.sent.push({ command, payload, requestId, actor })
      if (scene.answer instanceof Error) throw scene.answer
      return scene.answer as never
    },
    slowmode,
    ledger: scene.ledger,
    now: () => NOW,
  })
  const ask = async <Name extends CommandName>(command: Name, payload: CommandPayload<Name>, guildId = '1') =>
    await deputy.ask(guildId, command, payload, 'r1')
  return Object.assign(scene, { id, deputy, ask })
}

/** What becomes of something: `done`, or the code of why it is not. */
export async function outcomeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked
    return 'done'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
