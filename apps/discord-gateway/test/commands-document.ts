import { commands, type CommandDefinition, type Repeatable } from '@repo/discord-integration/types'
import { discordPage } from './discord-page.ts'
import { withoutReadOnly, type JsonSchema } from './json-schema.ts'
import { fieldsOf, listed, spoken, type FieldWords } from './schema-words.ts'
import { namedSchemas } from './shared-schemas.ts'

type Command = readonly [name: string, definition: CommandDefinition]

const LINE_CHARS = 120

const code = (text: string) => `\`${text}\``
const codes = (texts: readonly string[]) => texts.map(code).join(', ')

/** The commands of each topic, in the order of the table: `messages.send` is of `messages`. */
export function commandsByTopic(): ReadonlyMap<string, readonly Command[]> {
  return Map.groupBy(Object.entries<CommandDefinition>(commands), ([, { method }]) => method.split('.', 1)[0] ?? '')
}

const REFERENCE = '#/$defs/'
const schemas = withoutReadOnly(namedSchemas<JsonSchema>([], { uri: (name) => `${REFERENCE}${name}` }))
const rooted = (name: string): JsonSchema => ({ ...schemas[name], $defs: schemas })

/** The objects that commands have in them and that are described once, by name. */
export function shapes(): [name: string, schema: JsonSchema][] {
  const used = new Set(JSON.stringify(schemas).match(/(?<="#\/\$defs\/)[^"]+/g))
  return Object.entries(schemas)
    .filter(([name, { properties }]) => used.has(name) && properties && !name.includes('.') && name !== 'ok')
    .sort(([one], [other]) => one.localeCompare(other))
}

/** docs/COMMANDS.md. */
export function commandsDocument(): string {
  const topics = [...commandsByTopic()]
  return withReferences(
    [
      INTRODUCTION,
      topics.map(([topic, of]) => `- [${topic}](#${topic}): ${of.map(linkTo).join(', ')}`).join('\n'),
      ...topics.flatMap(([topic, of]) => [`## ${topic}`, ...of.map(section)]),
      '## Shapes',
      'What more than one command has in it.',
      ...shapes().flatMap(([name]) => [`### ${spoken(name)}`, table('Field', fieldsOf(rooted(name)))]),
    ].join('\n\n'),
  )
}

/** With each of Discord's pages named once, at the end: texts, and cells of tables most of all, stay short. */
function withReferences(text: string): string {
  const pages = new Map<string, string>()
  const made = text.replaceAll(
    /\[([^\]]+)\]\((https:[^)]+[/#]([^)]+))\)/g,
    (_link, words: string, page: string, end: string) => {
      const label = end.replaceAll('-', ' ')
      if ((pages.get(label) ?? page) !== page) throw new Error(`two pages are called ${label}`)
      pages.set(label, page)
      return words === label ? `[${label}]` : `[${words}][${label}]`
    },
  )
  const references = [...pages].sort(([one], [other]) => one.localeCompare(other))
  return `${made}\n\n${references.map(([label, page]) => `[${label}]: ${page}`).join('\n')}\n`
}

const AGAIN: Readonly<Record<Repeatable, string>> = {
  read: 'it only reads, and may be asked again as often as one likes',
  idempotent: 'twice is as once, so it may be asked again where nobody knows what became of it',
  nonce: 'Discord creates it once for the same request id, within minutes',
  no: 'never without the same request id: another one would do it a second time',
}

const INTRODUCTION = `# Commands

What a backend can have done, by topic. This file is made from the table of commands,
\`packages/discord-integration/src/types/commands.ts\`; a test compares them. How a command is sent, answered and repeated is
said in [PROTOCOL.md](PROTOCOL.md#command); \`list_commands\` tells the same as JSON Schema.

Each is a method of \`GatewayServiceClient\`, and a \`command\` message in any other language:

\`\`\`ts
const { message_id } = await client.messages.send({ channel_id, content: 'Hello!' }, { requestId, actor })
\`\`\`

\`\`\`json
{
  "type": "command",
  "data": { "command": "send_message", "payload": { "channel_id": "81384788765712384", "content": "Hello!" } },
  "requestId": "req-1",
  "ts": 1699000000000
}
\`\`\`

With each stands a payload as an example, and its fields: those with a \`?\` may be left out, \`[]\` is what is in a list, and dots
go into objects. What many commands have in them is described once, under [Shapes](#shapes). Then:

- **Result**: what the \`ack\` has in \`data\`, beside \`success\`. Discord’s own objects are as Discord has them, whole.
- **Needs**: the permissions of the bot, by Discord’s [names](https://docs.discord.com/developers/topics/permissions), beside
  seeing the channel, and joining it where it is one of voice.
- **Refused**: by which codes mostly. Beside them any command may be refused with the [errors](PROTOCOL.md#errors) of all.
- **Again**: whether it may be asked [twice](PROTOCOL.md#command).
${Object.entries(AGAIN)
  .map(([word, meaning]) => `  - \`${word}\`: ${meaning}.`)
  .join('\n')}
- **Server**: the field that says where it is done: a server, or a channel, a webhook or an invite of it, which a
  [token’s scopes](PROTOCOL.md#tokens) are held against. With \`none\` a token needs all servers.

Embeds, attachments and application commands that were read may be sent back as they are: what Discord alone says of them is
passed over, as are \`contexts\`, \`integration_types\` and \`dm_permission\` of the application commands of one server, and JSON
Schema has it as \`readOnly\`. Who reads application commands to set the list again reads them with \`with_localizations: true\`,
or their translations are lost.

Files are [uploaded](PROTOCOL.md#uploads) first, and then named. \`discord_api\` names them in \`form\`, by the names of their
parts: what it sends is then a form, of which the fields of \`body\` are parts too. The id and the token of an interaction come
with the event \`INTERACTION_CREATE\`. [examples/commands.ts](../examples/commands.ts) sends a file and answers a slash command.`

const linkTo = ([name, { method }]: Command) => `[${method.split('.')[1]}](#${name})`

function section([name, { method, summary, example, rest, ...definition }]: Command): string {
  const page = rest && discordPage(rest.route)
  const result = fieldsOf(rooted(`${name}.result`)).filter((field) => field.name !== 'success')
  const isFlat = result.every((field) => !/[.[]/.test(field.name))
  return [
    `### ${name}`,
    `${summary} \`client.${method}\`${rest ? `, ${page ? `[${rest.route}](${page})` : code(rest.route)}` : ''}`,
    `\`\`\`json\n${onFewLines(example)}\n\`\`\``,
    table('Field', fieldsOf(rooted(`${name}.payload`))),
    ...(isFlat ? [] : [table('Result', result)]),
    notes(name, definition, isFlat ? result : []),
  ].join('\n\n')
}

const onOneLine = (value: unknown) =>
  JSON.stringify(value, null, 1)
    .replaceAll(/\n */g, ' ')
    .replaceAll(/(?<=\[) | (?=\])/g, '')

/** On one line where it is not long, else a line for each field. */
function onFewLines(example: object): string {
  const line = onOneLine(example)
  if (line.length <= LINE_CHARS) return line
  const fields = Object.entries(example).map(([name, value]) => `  ${JSON.stringify(name)}: ${onOneLine(value)}`)
  return `{\n${fields.join(',\n')}\n}`
}

const fieldName = ({ name, required }: FieldWords) => code(`${name}${required ? '' : '?'}`)

/** Those that follow each other and are said with the same words. */
function alike(fields: readonly FieldWords[]): FieldWords[][] {
  const runs: FieldWords[][] = []
  for (const field of fields) {
    const last = runs.at(-1)
    if (last?.[0]?.words === field.words) last.push(field)
    else runs.push([field])
  }
  return runs
}

function table(head: string, fields: readonly FieldWords[]): string {
  if (fields.length === 0) return 'It takes no fields: its payload is `{}`.'
  const rows = alike(fields).map((of) => `| ${of.map(fieldName).join(', ')} | ${of[0]?.words.replaceAll('|', '\\|')} |`)
  return [`| ${head} | What |`, '| --- | --- |', ...rows].join('\n')
}

function server(name: string, { guild, channels = [] }: Pick<CommandDefinition, 'guild' | 'channels'>): string {
  if (name === 'list_commands') return 'any: it lists what the token may use'
  const isSecret = guild === 'interaction_token' || guild === 'webhook_token'
  const leave = isSecret ? `that of the ${code(guild)}, which is leave enough` : guild === null ? '`none`' : code(guild)
  return [leave, ...channels.map((field) => `and ${code(field)}`)].join(' ')
}

type Permissions = Pick<CommandDefinition, 'permissions' | 'permissionsIf' | 'permissionsAllIf'>

function neededBy({ permissions = [], permissionsIf = {}, permissionsAllIf = {} }: Permissions): string[] {
  const always = permissions.length > 0 ? [codes(permissions)] : []
  const when = (words: string, list: typeof permissionsIf) =>
    Object.entries(list).map(([at, of]) => `${at}: ${listed(of.map(code), words)}`)
  return [...always, ...when('or', permissionsIf), ...when('and', permissionsAllIf)]
}

function notes(
  name: string,
  definition: Omit<CommandDefinition, 'method' | 'summary' | 'example' | 'rest'>,
  result: readonly FieldWords[],
): string {
  const { errors = [], repeatable, repeatableWhen = code(repeatable) } = definition
  const needs = neededBy(definition)
  return [
    ...(result.length > 0
      ? [`Result: ${result.map((field) => `${fieldName(field)}, ${field.words}`).join('; ')}`]
      : []),
    ...(needs.length > 0 ? [`Needs: ${needs.join('; ')}`] : []),
    ...(errors.length > 0 ? [`Refused: ${codes(errors)}`] : []),
    `Again: ${repeatableWhen}. Server: ${server(name, definition)}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n')
}
