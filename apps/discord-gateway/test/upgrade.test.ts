import { LinkError } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { readUpgrade } from '../src/link/upgrade.ts'
import { unnamedTokens } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'

const tokens = new LinkTokens(unnamedTokens(['first-token', 'second-token']))
const checkToken = (authorization: string | undefined) => tokens.check(authorization)

function upgrade(url: string, headers: Record<string, string> = {}) {
  return readUpgrade({ url, headers: { authorization: 'Bearer first-token', ...headers } }, checkToken)
}

function refusal(url: string, headers: Record<string, string> = {}): LinkError {
  try {
    upgrade(url, headers)
  } catch (error) {
    if (error instanceof LinkError) return error
    throw error
  }
  throw new Error('it was let in')
}

describe('readUpgrade', () => {
  it('is version 1, everything and new, when nothing else is asked', () => {
    expect(upgrade('/')).toMatchObject({
      version: 1,
      lastEventId: null,
      filter: { guilds: null, events: null, guildless: true },
      snapshot: true,
    })
    expect(upgrade('/')).not.toHaveProperty('backlogMs')
  })

  it('takes the whole subscription from the request', () => {
    const asked = upgrade('/?guilds=1,22&events=MESSAGE_CREATE,SOMETHING_NEW&snapshot=0&backlog=90', {
      'sec-websocket-protocol': 'other, gateway-service.v2',
      'last-event-id': 'abc-7',
    })
    expect(asked).toMatchObject({
      version: 2,
      lastEventId: 'abc-7',
      filter: { guilds: new Set(['1', '22']), events: new Set(['MESSAGE_CREATE', 'SOMETHING_NEW']), guildless: false },
      snapshot: false,
      backlogMs: 90_000,
    })
  })

  it('leaves an id that no log wrote to the log', () => {
    expect(upgrade('/', { 'last-event-id': 'not an id at all' }).lastEventId).toBe('not an id at all')
  })

  it('takes an empty id for none', () => {
    expect(upgrade('/', { 'last-event-id': '' }).lastEventId).toBeNull()
  })

  it.each([
    ['/?guilds=abc', 'guilds'],
    ['/?guilds=', 'guilds'],
    ['/?guilds=1,,2', 'guilds'],
    ['/?events=message_create', 'events'],
    ['/?snapshot=no', 'snapshot: '],
    ['/?backlog=5', 'backlog: '],
    ['/?snapshot=0&snapshot=1', 'snapshot: '],
    ['/?guild=1', 'guild: unknown'],
  ])('%s is a bad request that names the parameter', (url, named) => {
    expect(refusal(url)).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining(named) })
  })

  it('a backlog beyond days is a bad request', () => {
    const { message } = refusal('/?backlog=999999', { 'sec-websocket-protocol': 'gateway-service.v2' })
    expect(message).toContain('backlog: ')
  })

  it('refuses a subprotocol that it does not speak, and an id that is too long', () => {
    expect(refusal('/', { 'sec-websocket-protocol': 'gateway-service.v3' }).code).toBe('BAD_REQUEST')
    expect(refusal('/', { 'last-event-id': 'x'.repeat(65) })).toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('Last-Event-ID'),
    })
  })

  it.each(['/events', '/index.html', '//', '/..;/x'])('%j is not the link’s path', (url) => {
    expect(refusal(url).code).toBe('NOT_FOUND')
  })

  it('tells a stranger nothing but that a token is needed', () => {
    expect(refusal('/?guilds=abc', { authorization: 'Bearer wrong' }).code).toBe('UNAUTHORIZED')
    expect(refusal('/elsewhere').code).toBe('NOT_FOUND')
  })
})
