import { commands, type CommandDefinition, type CommandName, type RestCommand } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describedRoute, differencesOf, refusalOf, routeFields, type Difference } from './discord-request.ts'
import { inputSchema } from './json-schema.ts'

type Reasons = Readonly<Record<string, string>>

const reasons = (fields: readonly string[], reason: string): Reasons =>
  Object.fromEntries(fields.map((field) => [field, reason]))

const inThread = reasons(['thread_id'], 'the interaction’s token says where, as Discord’s page has it')
const withComponents = reasons(['with_components'], 'an application’s own messages may have components always')
const poll = reasons(['poll'], 'Discord takes one only where it is the answer that was put off: edit_interaction_reply')
const places = reasons(['dm_permission', 'contexts', 'integration_types'], 'only a command of all servers has places')

/** By route, the fields that Discord takes and no command of it has, and why. What is no longer so fails too. */
const OMITTED: Readonly<Record<string, Reasons>> = {
  'PATCH /channels/{channel_id}/messages/{message_id}': {
    sticker_ids: 'Discord’s page of the route has no such field',
  },
  'PATCH /channels/{channel_id}': {
    icon: 'of a group’s direct messages, in which no bot is',
  },
  'PUT /guilds/{guild_id}/bans/{user_id}': {
    delete_message_days: 'deprecated: delete_message_seconds says it',
  },
  'GET /webhooks/{application_id}/{interaction_token}/messages/@original': inThread,
  'PATCH /webhooks/{application_id}/{interaction_token}/messages/@original': { ...inThread, ...withComponents },
  'DELETE /webhooks/{application_id}/{interaction_token}/messages/@original': inThread,
  'POST /webhooks/{application_id}/{interaction_token}': {
    ...inThread,
    ...withComponents,
    wait: 'Discord always waits there, as its page says',
    ...reasons(['username', 'avatar_url'], 'the application says it under its own name, as Discord’s page has it'),
    ...reasons(['thread_name', 'applied_tags'], 'it goes where the interaction was, and begins no post'),
  },
  'GET /webhooks/{application_id}/{interaction_token}/messages/{message_id}': inThread,
  'PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}': {
    ...inThread,
    ...withComponents,
    ...poll,
  },
  'DELETE /webhooks/{application_id}/{interaction_token}/messages/{message_id}': inThread,
  'PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}': poll,
  'POST /applications/{application_id}/guilds/{guild_id}/commands': places,
  'PATCH /applications/{application_id}/guilds/{guild_id}/commands/{command_id}': places,
  'PUT /applications/{application_id}/guilds/{guild_id}/commands': Object.fromEntries(
    Object.entries(places).map(([field, reason]) => [`commands[].${field}`, reason]),
  ),
}

/** What stands in no command, wherever Discord takes it: by the end of the field, as far as it tells it from others. */
const OMITTED_EVERYWHERE: Reasons = {
  'embeds[].type': 'a bot’s are rich, always',
  'embeds[].provider': 'Discord finds out who provides a link',
  'embeds[].video': 'Discord shows the videos of links alone',
  'image.width': 'Discord looks at the picture',
  'image.height': 'Discord looks at the picture',
  'image.placeholder': 'Discord looks at the picture',
  'image.placeholder_version': 'Discord looks at the picture',
  'image.is_animated': 'Discord looks at the picture',
  'thumbnail.width': 'Discord looks at the picture',
  'thumbnail.height': 'Discord looks at the picture',
  'thumbnail.placeholder': 'Discord looks at the picture',
  'thumbnail.placeholder_version': 'Discord looks at the picture',
  'thumbnail.is_animated': 'Discord looks at the picture',
  'attachments[].duration_secs': 'voice messages cannot be edited',
  'attachments[].waveform': 'voice messages cannot be edited',
  'poll.question.emoji': 'a question is text alone',
  'poll_media.emoji.animated': 'Discord looks at the emoji',
}

const nsfw = 'Discord’s page of application commands has it, and its description has not'

/** By command, where it is otherwise not as Discord’s description has it, and why: `wider content`. */
const MEANT: Readonly<Partial<Record<CommandName, Reasons>>> = {
  create_channel: { 'wider type': 'Discord’s page has media channels (16), and its description has not' },
  create_global_command: { 'unknown nsfw': nsfw },
  edit_global_command: { 'unknown nsfw': nsfw },
  set_global_commands: { 'unknown commands[].nsfw': nsfw },
  create_guild_command: { 'unknown nsfw': nsfw },
  edit_guild_command: { 'unknown nsfw': nsfw },
  set_guild_commands: { 'unknown commands[].nsfw': nsfw },
}

type ByRest = CommandDefinition & { rest: RestCommand }
const byRest = Object.entries<CommandDefinition>(commands).filter(
  (entry): entry is [CommandName, ByRest] => entry[1].rest !== undefined,
)

const keyOf = ({ kind, field }: Difference) => `${kind} ${field}`
const isOmission = ({ kind }: Difference) => kind === 'omitted'
const endsWith = (field: string, end: string) => `.${field}`.endsWith(`.${end}`)
const isOmittedEverywhere = (field: string) => Object.keys(OMITTED_EVERYWHERE).some((end) => endsWith(field, end))

describe.each(byRest)('%s', (name, definition) => {
  const { rest, payload, example } = definition

  it('asks for a route that Discord has', () => {
    expect(describedRoute(rest), `${name}: Discord has no ${rest.route}`).toBeDefined()
  })

  it('has every field of its route', () => {
    const { properties = {} } = inputSchema(payload)
    const missing = routeFields(rest).filter((field) => field !== 'application_id' && !(field in properties))
    expect(missing, `${name}: the route has fields that the payload has not`).toEqual([])
  })

  it('takes nothing that Discord does not, and wants what Discord wants', () => {
    const differences = differencesOf(definition).filter((one) => !isOmission(one))
    const meant = MEANT[name] ?? {}
    const faults = differences.filter((one) => !(keyOf(one) in meant))
    expect(faults.map((one) => `${name}: ${keyOf(one)}: ${one.says}`)).toEqual([])
    const gone = Object.keys(meant).filter((key) => !differences.some((one) => keyOf(one) === key))
    expect(gone, `${name}: these differences are none any more`).toEqual([])
  })

  it('has an example that Discord takes', () => {
    const refused = refusalOf(rest, example)
    expect(refused, `${name}: Discord does not take the example: ${refused}`).toBe('')
  })
})

/** Several commands may each say one thing of a route. */
const byRoute = [...Map.groupBy(byRest, ([, { rest }]) => rest.route)]

const isWithin = (field: string, whole: string) =>
  field === whole || field.startsWith(`${whole}.`) || field.startsWith(`${whole}[]`)

/** What no command of a route has. */
function omittedByAll(ofRoute: (typeof byRest)[number][]): string[] {
  const omitted = ofRoute.map(([, definition]) => differencesOf(definition).filter(isOmission))
  return [...new Set(omitted.flat().map(({ field }) => field))].filter((field) =>
    omitted.every((ofOne) => ofOne.some((one) => isWithin(field, one.field))),
  )
}

describe.each(byRoute)('%s', (route, ofRoute) => {
  const omitted = omittedByAll(ofRoute).filter((field) => !isOmittedEverywhere(field))

  it('has a command for whatever Discord takes', () => {
    const known = OMITTED[route] ?? {}
    const names = ofRoute.map(([name]) => name).join(', ')
    expect(omitted.filter((field) => !(field in known)).map((field) => `${names}: omitted ${field}`)).toEqual([])
    expect(
      Object.keys(known).filter((field) => !omitted.includes(field)),
      `${names}: these are omitted no more`,
    ).toEqual([])
  })
})

describe('the lists of what is meant so', () => {
  it('name routes that a command asks for', () => {
    const routes = new Set(byRoute.map(([route]): string => route))
    expect(Object.keys(OMITTED).filter((route) => !routes.has(route))).toEqual([])
  })

  it('name commands that ask for a route', () => {
    const names = new Set(byRest.map(([name]): string => name))
    expect(Object.keys(MEANT).filter((name) => !names.has(name))).toEqual([])
  })

  it('say of nothing that it stands nowhere, unless it is omitted somewhere', () => {
    const omitted = byRoute.flatMap(([, ofRoute]) => omittedByAll(ofRoute))
    const isNeeded = (end: string) => omitted.some((field) => endsWith(field, end))
    expect(Object.keys(OMITTED_EVERYWHERE).filter((end) => !isNeeded(end))).toEqual([])
  })
})

describe('what is told of a command that has', () => {
  const told = (
    route: RestCommand['route'],
    shape: Readonly<Record<string, z.ZodType>>,
    rest: Partial<RestCommand> = {},
  ) =>
    differencesOf({
      method: 'a.b',
      summary: '',
      repeatable: 'no',
      guild: null,
      example: {},
      rest: { route, ...rest },
      payload: z.strictObject(shape),
      result: z.object({}),
    }).map((one) => keyOf(one))
  const channel_id = z.string()

  it('a field under another name: Discord’s is omitted, and its own unknown', () => {
    const named = told('GET /channels/{channel_id}/messages', {
      channel_id,
      before: z.string(),
      after: z.string(),
      around: z.string(),
      count: z.int(),
    })
    expect(named).toEqual(['omitted limit', 'unknown count'])
  })

  it('a field within another under another name, or of another kind', () => {
    const allowed_mentions = z.strictObject({
      parse: z.string(),
      roles: z.array(z.string()),
      members: z.array(z.string()),
    })
    const route = 'PATCH /channels/{channel_id}/messages/{message_id}'
    expect(told(route, { channel_id, message_id: z.string(), allowed_mentions })).toEqual(
      expect.arrayContaining([
        'omitted embeds',
        'omitted allowed_mentions.users',
        'unknown allowed_mentions.members',
        'unknown allowed_mentions.parse',
      ]),
    )
  })

  it('what Discord requires as something to be left out', () => {
    const messages = z.array(z.string()).min(2).max(100)
    const route = 'POST /channels/{channel_id}/messages/bulk-delete'
    expect(told(route, { channel_id, messages })).toEqual([])
    expect(told(route, { channel_id, messages: messages.optional() })).toEqual(['optional messages'])
  })

  it('bounds and values that are wider than Discord’s', () => {
    const guild_id = z.string()
    const name = z.string()
    expect(
      told('POST /guilds/{guild_id}/channels', {
        guild_id,
        name: name.max(101),
        type: z.union([z.literal(0), z.literal(99)]),
        topic: name.max(1024),
        permission_overwrites: z.array(z.strictObject({ id: name, type: z.literal([0, 2]) })).max(101),
      }),
    ).toEqual(
      expect.arrayContaining([
        'wider name',
        'wider type',
        'wider permission_overwrites',
        'wider permission_overwrites[].type',
      ]),
    )
  })

  it('files, of which Discord’s attachments are made: here and within another field', () => {
    const files = z.array(z.strictObject({ upload: z.string() }))
    const ofMessage = told('POST /channels/{channel_id}/messages', { channel_id, files, filed: z.string() })
    expect(ofMessage.filter((key) => /files|attachments/.test(key))).toEqual([])
    expect(ofMessage).toContain('unknown filed')
    const ofPost = told('POST /channels/{channel_id}/threads', { channel_id, message: z.strictObject({ files }) })
    expect(ofPost.filter((key) => /files|attachments/.test(key))).toEqual([])
    expect(ofPost).toContain('omitted message.embeds')
  })

  it('nothing, where null alone is said', () => {
    const route = 'PATCH /guilds/{guild_id}/members/{user_id}'
    const kinds = told(route, { guild_id: z.string(), user_id: z.string() }, { fixed: { channel_id: null } })
    expect(kinds.filter((kind) => kind.includes('channel_id'))).toEqual([])
  })

  it('a body that is a list, what stands under a field, and what is said besides', () => {
    const id = z.string()
    const list = { guild_id: id, positions: z.array(z.strictObject({ id, position: z.int(), place: z.int() })) }
    expect(told('PATCH /guilds/{guild_id}/roles', list, { body: 'positions' })).toEqual(['unknown positions[].place'])
    const answer = { interaction_id: id, interaction_token: id, with_response: z.boolean(), contents: id }
    const said = told('POST /interactions/{interaction_id}/{interaction_token}/callback', answer, {
      query: ['with_response'],
      fixed: { type: 4 },
      under: 'data',
    })
    expect(said).toEqual(expect.arrayContaining(['unknown data.contents', 'omitted data.content']))
    expect(said).not.toContain('omitted data.custom_id')
  })
})
