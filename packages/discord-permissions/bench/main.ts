import { GuildState } from '@repo/event-feed'
import type { Guild, JsonObject } from '@repo/event-feed'
import { ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { cutGuild, remember, show, sightOf } from '../src/index.ts'
import type { Sight } from '../src/index.ts'

/* `node packages/discord-permissions/bench/main.ts`: what it costs to decide about an event for everybody who looks. */

const CHANNELS = 100
const VIEWERS = 1_000
const ROLES = 30
const GUILD = '1'
const SECONDS = 2

/** The same guild every time. */
let seed = 20_201_126
const random = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return Math.floor((seed / 2 ** 31) * below)
}

const BASE = String(P.ViewChannel | P.ReadMessageHistory | P.Connect | P.SendMessages)
const role = (index: number) => String(100 + index)

/** Every second channel is for a few roles only, as is usual where there are many. */
function overwrites(index: number): JsonObject[] {
  if (index % 2 === 0) return []
  const allowed = [random(ROLES), random(ROLES)].map((r) => ({
    id: role(r),
    type: 0,
    allow: String(P.ViewChannel),
    deny: '0',
  }))
  return [{ id: GUILD, type: 0, allow: '0', deny: String(P.ViewChannel) }, ...allowed]
}

/** @param kinds how many different sets of roles there are among the members. */
function guildOf(kinds: number): Guild {
  const sets = Array.from({ length: kinds }, () => [role(random(ROLES)), role(random(ROLES)), role(random(ROLES))])
  const state = new GuildState()
  state.apply('GUILD_CREATE', GUILD, {
    id: GUILD,
    owner_id: '2',
    roles: [
      { id: GUILD, permissions: BASE },
      ...Array.from({ length: ROLES }, (_, index) => ({ id: role(index), permissions: '0' })),
    ],
    members: Array.from({ length: VIEWERS }, (_, index) => ({
      user: { id: String(10_000 + index) },
      roles: sets[index % kinds],
    })),
    channels: Array.from({ length: CHANNELS }, (_, index) => ({
      id: String(1_000 + index),
      type: index % 5 === 4 ? ChannelType.GuildVoice : ChannelType.GuildText,
      name: `channel-${index}`,
      permission_overwrites: overwrites(index),
    })),
    threads: [],
    voice_states: [],
  })
  const guild = state.get(GUILD)
  if (!guild) throw new Error('the state has not taken the guild')
  return guild
}

const channelId = () => String(1_000 + random(CHANNELS))
const events = Array.from({ length: 1_000 }, (_, index): [string, JsonObject] => {
  const at = { guild_id: GUILD, channel_id: channelId(), user_id: String(10_000 + random(VIEWERS)) }
  if (index % 4 === 0) return ['VOICE_STATE_UPDATE', at]
  if (index % 4 === 1) return ['TYPING_START', at]
  return ['MESSAGE_CREATE', { ...at, id: String(index), content: 'x'.repeat(80), author: { id: at.user_id } }]
})

function sightsOf(guild: Guild): Sight[] {
  const members = [...guild.collections.members.values()]
  const sights = members.map((member) => sightOf({ userId: (member['user'] as { id: string }).id, member }, guild, 0))
  return sights.filter((sight) => sight !== null)
}

/** How often a second of CPU time, which others on the machine take none of. */
function rate(each: () => void): number {
  for (let warm = 0; warm < 50; warm++) each()
  const from = process.cpuUsage()
  const spent = () => {
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1_000_000
  }
  let times = 0
  for (let now = 0; now < SECONDS; now = times % 10 === 0 ? spent() : now) {
    each()
    times++
  }
  return times / spent()
}

const say = (what: string, value: number, unit: string) =>
  process.stdout.write(
    `${what.padEnd(64)} ${value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')} ${unit}\n`,
  )

for (const kinds of [1, 20, VIEWERS]) {
  const guild = guildOf(kinds)
  const sights = sightsOf(guild)
  const groups = [...new Map(sights.map((sight) => [sight.key(guild), sight])).values()]
  process.stdout.write(`\n${CHANNELS} channels, ${VIEWERS} viewers, who see ${groups.length} different things\n`)
  let next = 0
  const perEvent = rate(() => {
    const [event, payload] = events[next++ % events.length] ?? ['', {}]
    const before = remember(event, payload, guild)
    for (const sight of groups) show(event, payload, { guild, sight, before })
  })
  say('events, decided for everybody', perEvent, '/s')
  say('decisions', perEvent * groups.length, '/s')
  say(
    'all viewers grouped anew, after a change of roles',
    1_000 / rate(() => sightsOf(guild).map((sight) => sight.key(guild))),
    'ms',
  )
  say('a snapshot cut', 1_000_000 / rate(() => cutGuild(guild, sights[0]!)), 'µs')
}
