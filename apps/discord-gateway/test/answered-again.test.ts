import { commands, LinkError } from '@repo/discord-integration/types'
import { describe, expect, it, vi } from 'vitest'
import type { CommandOrigin } from '../src/command-origin.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import type { Handlers } from '../src/commands/handler.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { withinScopes } from '../src/tokens/within-scopes.ts'
import { handlersOf, memoryExpiring } from './helpers.ts'

const payload = { channel_id: '42', content: 'Hello!' }
const scopes = { guilds: new Set(['1']), events: null, commands: null }
const origin: CommandOrigin = { backend: { id: 'b', name: 'web', scopes }, version: 2, requestId: 'r' }

function start(sendMessage: Handlers['send_message']) {
  let guild: string | null = '1'
  const { run, again } = createCommandRunner({
    handlers: { ...handlersOf(), send_message: sendMessage },
    discord: new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' }),
    outcomes: new StoredOutcomes(memoryExpiring()),
    findCreated: async () => null,
  })
  const scoped = withinScopes(run, () => guild, again)
  return {
    send: (more: object = {}, by = origin) => scoped('send_message', { ...payload, ...more }, by),
    /** The channel is deleted, or the gateway has lost its state. */
    forgetChannel: () => void (guild = null),
  }
}

describe('a request that was taken once', () => {
  it('is told that it was done, also where its channel is gone since, or the token reaches less far', async () => {
    let sent = 0
    const { send, forgetChannel } = start(async () => ({ success: true, message_id: String(++sent) }))
    await send()
    forgetChannel()
    expect(await send()).toEqual({ success: true, message_id: '1' })
    expect(await send({}, { ...origin, version: 1 })).toEqual({ success: true, message_id: '1' })
    const narrowed = { ...origin.backend, scopes: { ...scopes, commands: new Set<string>() } }
    expect(await send({}, { ...origin, backend: narrowed })).toEqual({ success: true, message_id: '1' })
    for (const [more, by] of [
      [{ content: 'another' }, origin],
      [{}, { ...origin, requestId: 'another' }],
      [{}, { ...origin, requestId: undefined }],
      [{}, { ...origin, backend: { ...origin.backend, id: 'somebody else' } }],
      [{ content: '' }, { ...origin, backend: narrowed }],
      [{ components: Array.from({ length: 1_001 }) }, { ...origin, backend: narrowed }],
    ] as const) {
      await expect(send(more, by)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    expect(sent).toBe(1)
  })

  it('is the same in whatever order its fields are, of Discord’s objects too', async () => {
    let sent = 0
    const { send } = start(async () => ({ success: true, message_id: String(++sent) }))
    const row = (button: object) => ({ components: [{ type: 1, components: [button] }] })
    await send(row({ type: 2, label: 'Fire', style: 1, custom_id: 'fire' }))
    expect(await send(row({ custom_id: 'fire', style: 1, label: 'Fire', type: 2 }))).toMatchObject({ message_id: '1' })
    const another = send(row({ type: 2, label: 'Fire', style: 2, custom_id: 'fire' }))
    await expect(another).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('is not looked for by the schema, which takes its time with what is wrong', async () => {
    const read = vi.spyOn(commands.send_message.payload, 'safeParse')
    const narrowed = { ...origin.backend, scopes: { ...scopes, commands: new Set<string>() } }
    const { send } = start(async () => ({ success: true, message_id: '1' }))
    await expect(send({ embeds: [1] }, { ...origin, backend: narrowed })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(read).not.toHaveBeenCalled()
  })

  it('is told how it was refused, or that nobody knows, and nothing is tried again', async () => {
    let tried = 0
    const { send, forgetChannel } = start(async ({ content }) => {
      tried += 1
      throw new LinkError(content === 'unknown' ? 'OUTCOME_UNKNOWN' : 'MISSING_PERMISSIONS', 'no')
    })
    const unknown = { ...origin, requestId: 'unknown' }
    await expect(send()).rejects.toMatchObject({ code: 'MISSING_PERMISSIONS' })
    await expect(send({ content: 'unknown' }, unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    forgetChannel()
    await expect(send()).rejects.toMatchObject({ code: 'MISSING_PERMISSIONS' })
    await expect(send({ content: 'unknown' }, unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(tried).toBe(2)
  })

  it('and is under way is waited for', async () => {
    const gate = Promise.withResolvers<void>()
    const { send, forgetChannel } = start(async () => {
      await gate.promise
      return { success: true, message_id: '1' }
    })
    const first = send()
    forgetChannel()
    const second = send()
    gate.resolve()
    const done = { success: true, message_id: '1' }
    expect(await Promise.all([first, second])).toEqual([done, done])
  })
})

describe('a command that waits for its turn', () => {
  it('is not done once its token is revoked, and may be asked for again', async () => {
    const gate = Promise.withResolvers<void>()
    const done: string[] = []
    let isRevoked = false
    const { send } = start(async ({ content = '' }) => {
      await gate.promise
      done.push(content)
      return { success: true, message_id: '1' }
    })
    const by = (requestId: string) => ({ ...origin, requestId, isRevoked: () => isRevoked })
    const first = send({ content: 'first' }, by('1'))
    const second = send({ content: 'second' }, by('2'))
    await new Promise(setImmediate)
    isRevoked = true
    gate.resolve()
    expect(await first).toMatchObject({ success: true })
    await expect(second).rejects.toMatchObject({ code: 'FORBIDDEN', retryable: true })
    expect(done).toEqual(['first'])
    isRevoked = false
    expect(await send({ content: 'second' }, by('2'))).toMatchObject({ success: true })
    expect(done).toEqual(['first', 'second'])
  })

  it('is done for who asks again meanwhile with a token that is good, once', async () => {
    const gate = Promise.withResolvers<void>()
    const done: string[] = []
    const { send } = start(async ({ content = '' }) => {
      await gate.promise
      done.push(content)
      return { success: true, message_id: String(done.length) }
    })
    const first = send({ content: 'first' }, { ...origin, requestId: '1' })
    const revoked = send({ content: 'second' }, { ...origin, requestId: '2', isRevoked: () => true })
    const joined = [0, 1].map(() => send({ content: 'second' }, { ...origin, requestId: '2' }))
    gate.resolve()
    await first
    await expect(revoked).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const one of joined) expect(await one).toMatchObject({ message_id: '2' })
    expect(done).toEqual(['first', 'second'])
  })
})
