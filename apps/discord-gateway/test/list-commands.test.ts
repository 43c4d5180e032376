import { bounds, commands } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import type { HandlerContext } from '../src/commands/handler.ts'
import { listCommands } from '../src/commands/list-commands.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'

const scopes = { ...EVERY_SCOPE, commands: new Set(['*', 'discord_api']) }
const answer = await listCommands({}, { backend: { scopes } } as unknown as HandlerContext)

describe('what list_commands answers', () => {
  it('is a message that backends take, with all there is and room for as much again', () => {
    expect(answer.commands.map(({ name }) => name)).toEqual(Object.keys(commands))
    // Several WebSocket libraries take 1 MiB unless they are told more: whoever only asks this need not tell them.
    const most = Math.min(1024 * 1024, bounds.linkMessage)
    expect(2 * Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(most)
  })

  it('says of Discord’s objects which they are, and where they are described', () => {
    const { result } = answer.commands.find(({ name }) => name === 'get_message') ?? {}
    expect(result).toMatchObject({
      properties: {
        message: {
          type: 'object',
          title: 'message object',
          description: 'https://docs.discord.com/developers/resources/message#message-object',
        },
      },
    })
  })
})
