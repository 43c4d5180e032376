import type { APIUser, UserFlags } from 'discord-api-types/v10'
import { snowflakeAt } from '../../snowflake.ts'
import { fakeBotToken } from '../../token.ts'

/*
 * Ids of what is always there come from fixed dates, so that they are the same in every run, whatever the seed: a log or
 * a test may name them.
 */

function person(created: string, username: string, global_name: string | null = null): APIUser {
  const createdMs = Date.parse(created)
  return {
    // At Discord the lowest bits differ from user to user too: pages draw colours from them.
    id: snowflakeAt(createdMs, createdMs),
    username,
    discriminator: '0',
    global_name,
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    accent_color: null,
    public_flags: 0 as UserFlags,
    flags: 0 as UserFlags,
    collectibles: null,
    primary_guild: null,
  }
}

export const PEOPLE = {
  tessellate: person('2016-03-04T18:22:07.311Z', 'tessellate'),
  brackish: person('2017-05-29T09:41:55.020Z', 'brackish'),
  umberfox: person('2018-11-12T20:03:31.774Z', 'umberfox'),
  pikelet: person('2018-01-14T13:37:12.648Z', 'pikelet'),
  quillwort: person('2019-08-02T07:15:44.902Z', 'quillwort'),
  saltmarsh: person('2019-02-21T22:58:03.115Z', 'saltmarsh'),
  nocturne_7: person('2020-04-18T02:11:59.467Z', 'nocturne_7'),
  lanternfish: person('2021-10-06T16:30:20.583Z', 'lanternfish'),
  fenwick_lamp: person('2020-12-27T11:09:48.236Z', 'fenwick_lamp', 'Fenwick'),
  oddment: person('2022-06-15T19:26:37.859Z', 'oddment'),
  cinderwick: person('2022-02-08T08:44:16.094Z', 'cinderwick'),
  halfpenny: person('2023-01-30T21:12:05.730Z', 'halfpenny', 'Ha’penny'),
  palimpsest: person('2019-12-09T23:50:28.401Z', 'palimpsest'),
  candlewright: person('2021-07-19T05:33:52.962Z', 'candlewright'),
  vesper_mole: person('2024-03-11T00:27:14.618Z', 'vesper_mole', 'Vesper'),
} as const satisfies Record<string, APIUser>

export type Name = keyof typeof PEOPLE

/** Somebody whom Discord knows, and who is in no guild of the bot's: one can still be asked for, and banned. */
export const STRANGER: APIUser = person('2018-07-23T12:40:09.551Z', 'driftwood_41')

/** The bot through whose eyes the world is seen. */
export const BOT: APIUser = {
  ...person('2024-02-17T10:05:42.377Z', 'gantry'),
  discriminator: '4127',
  bot: true,
}

/** The token that the simulator accepts unless it is given another. */
export const DEFAULT_BOT_TOKEN: string = fakeBotToken(BOT.id)
