import { snowflakeAt } from '../../snowflake.ts'
import type { Guild } from '../types.ts'
import { role } from '../role.ts'
import { channelMaker, emptyGuild, idsFrom, member } from './build.ts'
import { BOT, PEOPLE } from './people.ts'
import { BOT_ROLE, EVERYONE } from './tidewater.ts'

const FIRST_MS = Date.parse('2025-01-06T06:00:00Z')

/** The most that a world is filled up with. From 61,007 on their channels' ids would meet; nobody has asked for half of it. */
export const MAX_CROWD = 50_000

/** One of many small guilds. Their ids are a millisecond apart, so that they spread evenly over any count of shards. */
export function crowdGuild(index: number): Guild {
  if (index >= MAX_CROWD) throw new RangeError(`a world has at most ${MAX_CROWD} guilds`)
  const createdMs = FIRST_MS + index
  const id = snowflakeAt(createdMs, index)
  // A day apart from the guilds' own, whose ids they must not meet.
  const nextId = idsFrom(createdMs + 86_400_000)
  const guild = emptyGuild(id, `Crowd ${index + 1}`, PEOPLE.tessellate.id, createdMs)
  const gantry = role(nextId(), 'gantry', 1, { managed: true, tags: { bot_id: BOT.id }, permissions: BOT_ROLE })
  guild.roles = [role(id, '@everyone', 0, { permissions: EVERYONE }), gantry]
  const make = channelMaker(id, nextId)
  const rooms = make.category('Rooms')
  guild.channels = [rooms, make.text('general', { parent: rooms }), make.voice('Room', { parent: rooms })]
  guild.members = [
    member(BOT, createdMs, [gantry.id]),
    member(PEOPLE.tessellate, createdMs),
    member(PEOPLE.brackish, createdMs),
  ]
  guild.member_count = guild.members.length
  return guild
}
