import { commands, type CommandDefinition, type Place, type Repeatable } from '@repo/discord-integration/types'
import { z } from 'zod'
import { discordPage } from './discord-page.ts'
import { inputSchema, type JsonSchema } from './json-schema.ts'
import { fieldsOf, listed, type FieldWords } from './schema-words.ts'

type Command = readonly [name: string, definition: CommandDefinition]

const code = (text: string) => `\`${text}\``
const codes = (texts: readonly string[]) => texts.map(code).join(', ')

/** The commands of each topic, in the order of the table: `messages.send` is of `messages`. */
export function commandsByTopic(): ReadonlyMap<string, readonly Command[]> {
  return Map.groupBy(Object.entries<CommandDefinition>(commands), ([, { method }]) => method.split('.', 1)[0] ?? '')
}

/** docs/COMMANDS.md, before it is formatted. */
export function commandsDocument(): string {
  const topics = [...commandsByTopic()]
  return [
    INTRODUCTION,
    topics.map(([topic, of]) => `- [${topic}](#${topic}): ${of.map(linkTo).join(', ')}`).join('\n'),
    ...topics.flatMap(([topic, of]) => [`## ${topic}`, ...of.map(section)]),
    '',
  ].join('\n\n')
}

const INTRODUCTION = `# Commands

What a backend can have done, by topic. This file is made from the table of commands,
\`packages/discord-integration/src/types/commands.ts\`; a test compares them. How a command is sent, answered and repeated is
said in [PROTOCOL.md](PROTOCOL.md#command); \`list_commands\` tells the same as JSON Schema.

Each is a method of \`GatewayServiceClient\`, and a \`command\` message in any other language:

\`\`\`ts
const { message_id } = await client.messages.send({ channel_id, content: 'Hello!' }, { requestId, actor })
\`\`\`

A list's items are \`[]\`, and dots go into objects: \`embeds[].title\`. Beside what stands with each, a command may be refused
with the [errors](PROTOCOL.md#errors) of all.`

const linkTo = ([name, { method }]: Command) => `[${method.split('.')[1]}](#${name})`

function section([name, definition]: Command): string {
  const { method, summary, example, payload, result, rest } = definition
  const page = rest && discordPage(rest.route)
  return [
    `### ${name}`,
    `${summary} \`client.${method}\`${rest ? `, ${page ? `[${rest.route}](${page})` : code(rest.route)}` : ''}`,
    `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``,
    payloadTable(fieldsOf(inputSchema(payload))),
    answer(fieldsOf(z.toJSONSchema(result) as JsonSchema)),
    notes(name, definition),
  ].join('\n\n')
}

const cell = (text: string) => text.replaceAll('|', '\\|')

function payloadTable(fields: readonly FieldWords[]): string {
  if (fields.length === 0) return 'It takes no fields: its payload is `{}`.'
  const rows = fields.map(
    ({ name, required, words }) => `| ${code(name)} | ${required ? 'yes' : ''} | ${cell(words)} |`,
  )
  return ['| Field | Required | What |', '| --- | --- | --- |', ...rows].join('\n')
}

function answer(fields: readonly FieldWords[]): string {
  const told = fields.filter(({ name }) => name !== 'success')
  if (told.length === 0) return 'It is answered `success` alone.'
  const rows = told.map(
    ({ name, required, words }) => `| ${code(name)} | ${required ? '' : 'may be absent'} | ${cell(words)} |`,
  )
  return ['| Result | | What |', '| --- | --- | --- |', ...rows].join('\n')
}

const AGAIN: Readonly<Record<Repeatable, string>> = {
  read: 'it only reads, and may be asked again as often as one likes',
  idempotent: 'twice is as once, so it may be asked again where nobody knows what became of it',
  nonce: 'Discord creates it once for the same request id, within minutes',
  no: 'never without the same request id: another one would do it a second time',
}

function scope(name: string, place: Place, channels: readonly string[]): string {
  if (name === 'list_commands') return 'it lists what the token may use'
  if (place === null) return 'it concerns no single server, so a token needs all of them'
  const isSecret = place === 'interaction_token' || place === 'webhook_token'
  const fields = [...(isSecret ? [] : [place]), ...channels]
  const held = `the server of ${listed(fields.map(code), 'and of')} has to be within those of the token`
  if (!isSecret) return held
  const secret = `who has the ${code(place)} was given leave by Discord, for that place alone`
  return fields.length === 0 ? secret : `${secret}; ${held}`
}

function notes(
  name: string,
  { permissions = [], errors = [], repeatable, guild, channels = [] }: CommandDefinition,
): string {
  return [
    ...(permissions.length > 0 ? [`The bot needs: ${codes(permissions)}`] : []),
    ...(errors.length > 0 ? [`Refused with: ${codes(errors)}`] : []),
    `[Once](PROTOCOL.md#command): ${AGAIN[repeatable]}`,
    `[Scope](PROTOCOL.md#tokens): ${scope(name, guild, channels)}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n')
}
