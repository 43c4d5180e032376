import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { isEphemeral, visibility, visibilityOf } from '../src/index.ts'

test('every dispatch event that discord-api-types knows has a rule, and no other', () => {
  expect(Object.keys(visibility).sort()).toEqual(Object.values(GatewayDispatchEvents).map(String).sort())
})

// https://docs.discord.com/developers/events/gateway-events: these carry tokens, session ids or what belongs to the bot
test.each(['INTERACTION_CREATE', 'VOICE_SERVER_UPDATE', 'READY', 'RESUMED', 'THREAD_LIST_SYNC', 'GUILD_MEMBERS_CHUNK'])(
  '%s reaches no browser',
  (event) => expect(visibilityOf(event).kind).toBe('never'),
)

test.each(['MESSAGE_CREATE', 'VOICE_STATE_UPDATE', 'GUILD_CREATE', 'GUILD_MEMBER_ADD'])(
  '%s may reach a browser',
  (event) => expect(visibilityOf(event).kind).not.toBe('never'),
)

test.each(['SOMETHING_NEW', '', '__proto__', 'constructor', 'toString'])(
  'an unknown event (%j) is shown to nobody',
  (event) => {
    expect(visibilityOf(event).kind).toBe('never')
  },
)

test('an ephemeral message is told by its flag, whatever else is set', () => {
  expect(isEphemeral({ flags: 64 })).toBe(true)
  expect(isEphemeral({ flags: 64 | 4 })).toBe(true)
  expect(isEphemeral({ flags: 4 })).toBe(false)
  expect(isEphemeral({})).toBe(false)
  expect(isEphemeral(null)).toBe(false)
})
