import { EventFeed, MemoryLog } from '@repo/event-feed'
import { ChannelType, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import { Viewers } from '../../apps/web/src/server/sight/viewers.ts'
import { everybodysMembership } from '../lib/everybody.ts'
import { messageAt, NEEDLE } from '../lib/messages.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import type { Sample } from '../lib/rounds.ts'

/*
 * Web's decision who is told what, without the sockets: guilds, and people who look at them. Those of a guild have one of so
 * many roles, and a channel is seen by those of its role and of all above it: as many different sights as there are roles.
 */

export type GuildsSetup = { guilds: number; viewersEach: number; sets: number }

const { guilds, viewersEach, sets } = setupOf() as GuildsSetup
const log = new MemoryLog({ maxAgeMs: 3_600_000, maxBytes: 64 * 1024 * 1024 })
const viewers = new Viewers({ state: () => feed.state, log, membership: everybodysMembership, retentionMs: 3_600_000 })
const feed: EventFeed = new EventFeed({ log, witness: viewers })

const FIRST = 1_000_000_000_000_000_000n
const guildAt = (index: number) => String(FIRST + BigInt(index) * 1_000n)
const roleAt = (guild: number, set: number) => String(FIRST + BigInt(guild) * 1_000n + 1n + BigInt(set))
const channelAt = (guild: number, set: number) => String(FIRST + BigInt(guild) * 1_000n + 500n + BigInt(set))
const view = String(PermissionFlagsBits.ViewChannel)
const range = (length: number) => Array.from({ length }, (_, index) => index)
const everyone = (guild: number) => ({ id: guildAt(guild), permissions: '0' })

const dispatch = (guildId: string, event: string, payload: string) =>
  feed.publish({ kind: 'dispatch', event, guildId, payload, ts: Date.now() })

let told = 0
for (const guild of range(guilds)) {
  const id = guildAt(guild)
  const channels = range(sets).map((set) => ({
    id: channelAt(guild, set),
    type: ChannelType.GuildText,
    permission_overwrites: range(sets)
      .filter((other) => other >= set)
      .map((other) => ({ id: roleAt(guild, other), type: OverwriteType.Role, allow: view, deny: '0' })),
  }))
  const roles = [everyone(guild), ...range(sets).map((set) => ({ id: roleAt(guild, set), permissions: '0' }))]
  await dispatch(
    id,
    'GUILD_CREATE',
    JSON.stringify({ id, name: 'bench', roles, channels, members: [], voice_states: [] }),
  )
  for (const person of range(viewersEach)) {
    const userId = String(person + 1)
    const member = { user: { id: userId }, roles: [roleAt(guild, person % sets)] }
    const visit = viewers.enter({ guildId: id, userId, member, threads: new Set(), lastEventId: null })
    feed.subscribe({
      lastEventId: null,
      filter: { guilds: new Set([id]), events: null, guildless: false },
      sink: {
        write(batch) {
          if (visit.encode(batch) !== null) told++
          return true
        },
      },
    })
  }
}

const prepared = messageAt(0)
let sent = 0

/** In the guilds in turn, and of each in its channels. */
async function send(): Promise<void> {
  const guild = sent % guilds
  const set = Math.floor(sent / guilds) % sets
  sent++
  const id = guildAt(guild)
  const payload = prepared.replace(/"channel_id":"\d+"/, `"channel_id":"${channelAt(guild, set)}"`)
  await dispatch(id, NEEDLE, payload.replace(/"guild_id":"\d+"/, `"guild_id":"${id}"`))
}

const answers = {
  /** One event a turn of the event loop; `told` is to how many in all. */
  async round(forMs: number): Promise<Sample & { told: number }> {
    const [before, cpu, from] = [told, process.cpuUsage(), performance.now()]
    let events = 0
    // Whole turns of all channels, so that each is seen by as many in every round.
    while (performance.now() - from < forMs || events % (guilds === 1 ? sets : 1) !== 0) {
      await send()
      events++
    }
    const { user, system } = process.cpuUsage(cpu)
    return { events, wallMs: performance.now() - from, cpuUs: user + system, told: told - before }
  },
}

export type Guilds = typeof answers

answerTo(answers, () => feed.close())
