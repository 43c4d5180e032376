import { OverwriteType } from 'discord-api-types/v10'
import type { Guild } from '../types.ts'
import { role } from '../role.ts'
import { channelMaker, emptyGuild, idsFrom, member, overwrite, permissions, presence } from './build.ts'
import { BOT, PEOPLE } from './people.ts'
import { BOT_ROLE, EVERYONE } from './tidewater.ts'

const CREATED_MS = Date.parse('2024-06-02T23:40:18.229Z')
const DAY_MS = 86_400_000

/** A reading circle that keeps late hours. It shares some members with the workshop, and has some of its own. */
export function nightLedger(): Guild {
  const nextId = idsFrom(CREATED_MS)
  const guild = emptyGuild(nextId(), 'Night Ledger', PEOPLE.nocturne_7.id, CREATED_MS + 8 * DAY_MS)

  const binder = role(nextId(), 'Binder', 1, { color: 0x6d28d9, hoist: true })
  const gantry = role(nextId(), 'gantry', 2, { managed: true, tags: { bot_id: BOT.id }, permissions: BOT_ROLE })
  guild.roles = [role(guild.id, '@everyone', 0, { permissions: EVERYONE }), binder, gantry]

  const make = channelMaker(guild.id, nextId)
  const rooms = make.category('Reading rooms')
  const frontDesk = make.text('front-desk', { parent: rooms, topic: 'Come in. Mind the stairs.' })
  const marginalia = make.text('marginalia', { parent: rooms, topic: 'What you wrote next to what you read.' })
  const treasury = make.text('treasury', {
    parent: rooms,
    topic: 'Accounts.',
    // The bot may not see this one: asking for it is answered with 50001 Missing Access.
    overwrites: [
      overwrite(guild.id, OverwriteType.Role, '0', permissions('ViewChannel')),
      overwrite(binder.id, OverwriteType.Role, permissions('ViewChannel'), '0'),
    ],
  })
  const lampRoom = make.voice('Lamp room', { parent: rooms })
  const cellar = make.voice('Cellar', { parent: rooms, user_limit: 6 })
  const shelf = make.forum('shelf', { parent: rooms, topic: 'A post for each book.' }, [
    ['📖', 'reading now'],
    ['🌊', 'by the sea'],
  ])
  guild.channels = [rooms, frontDesk, marginalia, treasury, lampRoom, cellar, shelf]
  guild.system_channel_id = frontDesk.id

  const joined = (days: number) => CREATED_MS + days * DAY_MS
  guild.members = [
    member(BOT, joined(8), [gantry.id]),
    member(PEOPLE.nocturne_7, joined(0), [binder.id]),
    member(PEOPLE.palimpsest, joined(0), [binder.id]),
    member(PEOPLE.candlewright, joined(3), []),
    member(PEOPLE.umberfox, joined(21), [], 'the fox'),
    member(PEOPLE.quillwort, joined(40), []),
    member(PEOPLE.vesper_mole, joined(95), []),
  ]
  guild.member_count = guild.members.length
  guild.presences = [PEOPLE.nocturne_7, PEOPLE.palimpsest, PEOPLE.vesper_mole].map((user) =>
    presence(guild.id, user, 'online'),
  )
  return guild
}
