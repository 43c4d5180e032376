import type { APIMessage } from 'discord-api-types/v10'
import { describe, expectTypeOf, it } from 'vitest'
import type { GatewayServiceClient } from '../../src/clients/index.ts'
import type { CommandName, CommandPayload, CommandResult } from '../../src/types/index.ts'

// Held by the type check: a line that `@ts-expect-error` stands above has to be an error.

type Send = GatewayServiceClient['sendCommand']
const message = { channel_id: '1', content: 'Hello!' }

describe('the types of sendCommand', () => {
  it('take the payload of the command that is named', () => {
    const calls = (send: Send) => {
      void send('send_message', message)
      void send('update_voice_state', { guild_id: '1', channel_id: null })
      // @ts-expect-error there is no such command
      void send('send_mesage', message)
      // @ts-expect-error a field is missing
      void send('send_message', { content: 'Hello!' })
      // @ts-expect-error a field is of another kind
      void send('send_message', { ...message, content: 7 })
      // @ts-expect-error there is no such field
      void send('send_message', { channel_id: '1', content: 'Hello!', colour: 'red' })
      // @ts-expect-error it is another command's
      void send('move_member', message)
      // @ts-expect-error null is for those alone that take it
      void send('move_member', { guild_id: '1', user_id: null, channel_id: null })
      // @ts-expect-error one of those that there are
      void send('send_message', { ...message, allowed_mentions: { parse: ['all'] } })
      // @ts-expect-error the payload is always there
      void send('get_status')
    }
    expectTypeOf(calls).toBeFunction()
  })

  it('give the result of the command that is named, and of no field what it is not', () => {
    const answers = async (send: Send) => ({
      sent: await send('send_message', message),
      status: await send('get_status', {}),
      read: await send('get_channel_messages', { channel_id: '1' }),
    })
    type Answers = Awaited<ReturnType<typeof answers>>
    expectTypeOf<Answers['sent']>().toEqualTypeOf<{ success: true; message_id: string }>()
    expectTypeOf<Answers['status']['shards'][number]['ping_ms']>().toEqualTypeOf<number | null>()
    expectTypeOf<Answers['read']['messages']>().toEqualTypeOf<APIMessage[]>()
    // @ts-expect-error a result is of its own command
    expectTypeOf<Answers['status']>().toHaveProperty('message_id')
  })

  it('are of every command something, never anything', () => {
    type IsAny<Type> = 0 extends 1 & Type ? true : false
    type Loose = {
      [Name in CommandName]: true extends
        | IsAny<CommandPayload<Name>>
        | IsAny<CommandResult<Name>>
        | (unknown extends CommandPayload<Name> | CommandResult<Name> ? true : false)
        ? Name
        : never
    }[CommandName]
    expectTypeOf<Loose>().toBeNever()
  })
})
