import { EventFeed, MemoryLog } from '@repo/event-feed'
import { ChannelType, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import { Viewers } from '../../apps/web/src/server/sight/viewers.ts'
import { everybodysMembership } from '../lib/everybody.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import type { Sample } from '../lib/rounds.ts'
import { until } from '../lib/until.ts'

/*
 * A guild of some size, and people who look at it with so many different permissions: what it costs when they come, and when
 * they come to see other things, which each of them is told with the guild anew.
 */

export type ChangesSetup = { viewers: number; sets: number }

const CHANNELS = 100
const MEMBERS = 200
const GUILD = '1000000000000000000'

const { viewers: count, sets } = setupOf() as ChangesSetup
const log = new MemoryLog({ maxAgeMs: 3_600_000, maxBytes: 64 * 1024 * 1024 })
const viewers = new Viewers({ state: () => feed.state, log, membership: everybodysMembership, retentionMs: 3_600_000 })
const feed: EventFeed = new EventFeed({ log, witness: viewers })

const range = (length: number) => Array.from({ length }, (_, index) => index)
const idAt = (kind: number, index: number) => String(BigInt(GUILD) + BigInt(kind * 100_000 + index + 1))
const roleAt = (set: number) => idAt(1, set)
const view = String(PermissionFlagsBits.ViewChannel)
const everyone = (permissions: string) => ({ id: GUILD, name: '@everyone', permissions })

/** Seen by those of its set and of all above it, unless it is hidden. */
const channelAt = (index: number, isHidden = false) => ({
  id: idAt(2, index),
  guild_id: GUILD,
  type: ChannelType.GuildText,
  name: `channel-${index}`,
  topic: 'What is said here is about this and that',
  position: index,
  permission_overwrites: range(isHidden ? 0 : sets)
    .filter((set) => set >= index % sets)
    .map((set) => ({ id: roleAt(set), type: OverwriteType.Role, allow: view, deny: '0' })),
})

const personAt = (index: number) => ({
  user: { id: idAt(3, index), username: `person-${index}`, global_name: null, avatar: null, discriminator: '0' },
  roles: [roleAt(index % sets)],
  joined_at: '2020-01-01T12:00:00.000000+00:00',
  nick: null,
  flags: 0,
})

const dispatch = (event: string, payload: object) =>
  feed.publish({ kind: 'dispatch', event, guildId: GUILD, payload: JSON.stringify(payload), ts: Date.now() })

await dispatch('GUILD_CREATE', {
  id: GUILD,
  name: 'bench',
  roles: [everyone('0'), ...range(sets).map((set) => ({ id: roleAt(set), name: `role ${set}`, permissions: '0' }))],
  channels: range(CHANNELS).map((index) => channelAt(index)),
  members: range(MEMBERS).map(personAt),
  voice_states: [],
})

let told = 0

function come(index: number): void {
  // Beyond those that the guild's list names.
  const member = personAt(MEMBERS + index)
  const visit = viewers.enter({ guildId: GUILD, userId: member.user.id, member, threads: new Set(), lastEventId: null })
  feed.subscribe({
    lastEventId: null,
    filter: { guilds: new Set([GUILD]), events: null, guildless: false },
    sink: {
      write(batch) {
        if (visit.encode(batch) !== null) told++
        return true
      },
    },
  })
}

async function measured(act: () => unknown): Promise<Sample> {
  const [before, cpu, from] = [told, process.cpuUsage(), performance.now()]
  await act()
  const { user, system } = process.cpuUsage(cpu)
  return { events: told - before, wallMs: performance.now() - from, cpuUs: user + system }
}

const answers = {
  /** All of them, at once. */
  come: () =>
    measured(async () => {
      for (const index of range(count)) come(index)
      await until(() => told >= count)
    }),
  /** A channel is hidden from all, and shown again. */
  async channel(): Promise<Sample> {
    const sample = await measured(() => dispatch('CHANNEL_UPDATE', channelAt(0, true)))
    await dispatch('CHANNEL_UPDATE', channelAt(0))
    return sample
  },
  /** Everybody may see everything, and then no more. */
  async role(): Promise<Sample> {
    const sample = await measured(() => dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD, role: everyone(view) }))
    await dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD, role: everyone('0') })
    return sample
  },
}

export type Changes = typeof answers

answerTo(answers, () => feed.close())
