import { bounds, commands } from '@repo/discord-integration/types'
import { Ajv2020 } from 'ajv/dist/2020.js'
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

  it.each([
    ['edit_message', { embeds: [{ title: 'x', type: 'rich', image: { url: 'https://kiln.example', width: 1 } }] }],
    ['edit_message', { attachments: [{ id: '1', url: 'https://kiln.example' }] }],
    ['set_guild_commands', { commands: [{ name: 'fire', version: '1', contexts: null }] }],
    ['edit_global_command', { name: 'fire', id: '1', guild_id: null }],
  ] as const)('has schemas that take what was read, and nothing unknown beside it: %s, %j', (name, fields) => {
    const { payload = {}, example = {} } = answer.commands.find((command) => command.name === name) ?? {}
    const isTaken = new Ajv2020({ strict: false, validateFormats: false }).compile(payload)
    const mistyped = JSON.parse(JSON.stringify(fields).replace(/"(?:type|url|version|guild_id)"/, '"titel"')) as object
    for (const [given, taken] of [
      [fields, true],
      [mistyped, false],
    ] as const) {
      const whole = { ...example, ...given }
      expect([isTaken(whole), commands[name].payload.safeParse(whole).success]).toEqual([taken, taken])
    }
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
