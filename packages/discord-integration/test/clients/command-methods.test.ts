import { describe, expect, expectTypeOf, it } from 'vitest'
import { GatewayServiceClient, type CommandMethod, type SendOptions } from '../../src/clients/index.ts'
import { commands, type CommandName, type CommandPayload, type CommandResult } from '../../src/types/index.ts'
import { startLink } from './helpers/fake-gateway.ts'

const table = Object.entries(commands).map(([name, entry]) => ({ name: name as CommandName, ...entry }))

describe('the methods of the table', () => {
  it('are each of one command', () => {
    const methods = table.map(({ method }) => method)
    expect(methods.filter((method, at) => methods.indexOf(method) !== at)).toEqual([])
    for (const method of methods) expect(method).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/)
  })

  it('have topics that are no members of the client', () => {
    const own = Object.getOwnPropertyNames(GatewayServiceClient.prototype)
    const topics = new Set(table.map(({ method }) => method.split('.', 1)[0] ?? ''))
    // Of a promise's kind is whatever has a `then`.
    expect([...own, 'then'].filter((name) => topics.has(name))).toEqual([])
  })
})

describe('a method', () => {
  const methodOf = (client: GatewayServiceClient, method: string): CommandMethod<'send_message'> => {
    const [topic = '', verb = ''] = method.split('.')
    return (client as unknown as Record<string, Record<string, never>>)[topic]?.[verb] as never
  }

  it('sends its command, its payload and its options, whatever the command', async () => {
    await using link = await startLink()
    const peer = await link.live()
    for (const { name, method, example, summary } of table) {
      const call = methodOf(link.client, method)
      expect(call.summary).toBe(summary)
      const answer = call(example as never, { requestId: `of ${name}`, actor: '42' })
      expect(await peer.received.next()).toMatchObject({
        requestId: `of ${name}`,
        data: { command: name, payload: example, actor: '42' },
      })
      peer.error(`of ${name}`, { message: name, code: 'RATE_LIMITED' })
      await expect(answer).rejects.toMatchObject({ code: 'RATE_LIMITED', message: name })
    }
  })

  it('resolves to the result', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const sent = link.client.messages.send({ channel_id: '1', content: 'x' })
    const { requestId } = await peer.received.next()
    peer.ack(requestId, { success: true, message_id: '7' })
    expect(await sent).toEqual({ success: true, message_id: '7' })
  })

  it('of a command that needs nothing said can be called with nothing', async () => {
    await using link = await startLink()
    const peer = await link.live()
    void link.client.gateway.status().catch(() => {})
    expect(await peer.received.next()).toMatchObject({ data: { command: 'get_status', payload: {} } })
  })
})

describe('the types of the methods', () => {
  type Client = GatewayServiceClient

  it('are those of sendCommand', () => {
    type Send = Client['messages']['send']
    expectTypeOf<Parameters<Send>>().toEqualTypeOf<[payload: CommandPayload<'send_message'>, options?: SendOptions]>()
    expectTypeOf<ReturnType<Send>>().toEqualTypeOf<Promise<CommandResult<'send_message'>>>()
    expectTypeOf<ReturnType<Client['voice']['move']>>().toEqualTypeOf<Promise<CommandResult<'move_member'>>>()
    expectTypeOf<
      Client['voice']['move']['summary']
    >().toEqualTypeOf<'Move a member to another voice channel; with `null`, out of voice.'>()
  })

  it('know no other topic, verb or field', () => {
    const calls = (client: Client) => {
      void client.gateway.figures()
      void client.gateway.figures({ history: '15m' }, { deadlineMs: 1 })
      // @ts-expect-error there is no such topic
      void client.letters.send({ channel_id: '1', content: 'x' })
      // @ts-expect-error it is another topic's
      void client.messages.move({ guild_id: '1', user_id: '1', channel_id: null })
      // @ts-expect-error a field is missing
      void client.reactions.add({ channel_id: '1', message_id: '1' })
      // @ts-expect-error there is no such field
      void client.messages.send({ channel_id: '1', content: 'x', text: 'x' })
      // @ts-expect-error what has to be said cannot be left out
      void client.messages.send()
      // @ts-expect-error there is no such option
      void client.gateway.status({}, { deadline: 1 })
    }
    expectTypeOf(calls).toBeFunction()
  })

  it('have one for each command', () => {
    type Called = {
      [Topic in keyof Client]: Client[Topic][keyof Client[Topic]] extends infer Method
        ? Method extends CommandMethod<infer Name, string>
          ? Name
          : never
        : never
    }[keyof Client]
    expectTypeOf<Called>().toEqualTypeOf<CommandName>()
  })
})
