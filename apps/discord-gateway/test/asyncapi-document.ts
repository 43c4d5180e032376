import { readFileSync } from 'node:fs'
import {
  closeCodes,
  commands,
  errorCodes,
  EVENT_ID_MAX_CHARS,
  GATEWAY_SERVICE_V2,
  type CommandDefinition,
} from '@repo/discord-integration/types'
import { LINK_PATH, QuerySchema } from '../src/link/upgrade.ts'
import { componentSchemas, inlineSchema, resultName, schemaRef } from './asyncapi-schemas.ts'
import { discordPage } from './discord-page.ts'

const GOLDEN = new URL('../../../packages/discord-integration/test/golden/', import.meta.url)
const golden = (...names: readonly string[]) =>
  names.map((name) => ({ name, payload: JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), 'utf8')) as unknown }))

const table = Object.entries<CommandDefinition>(commands)
const ref = (...path: readonly string[]) => ({ $ref: `#/${path.join('/')}` })
const keyed = <Value>(names: readonly string[], value: (name: string) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)]))

/** An answer has the id of what it answers. */
const correlationId = ref('components', 'correlationIds', 'requestId')

const MESSAGES: Readonly<Record<string, object>> = {
  event: {
    title: 'One dispatch of Discord',
    payload: schemaRef('EventMessage'),
    examples: golden('event-with-id', 'event-backfilled'),
  },
  sync: {
    title: 'How the backend stands to the log',
    payload: schemaRef('SyncMessage'),
    examples: golden('sync-live', 'sync-snapshot', 'sync-resumed', 'sync-gap'),
  },
  command: {
    title: 'Something to be done',
    correlationId,
    payload: schemaRef('CommandMessage'),
    examples: golden('seed-command'),
  },
  ack: { title: 'It was done', correlationId, payload: schemaRef('AckMessage'), examples: golden('seed-ack') },
  error: {
    title: 'It was not done, or was not understood',
    correlationId,
    payload: schemaRef('ErrorMessage'),
    examples: golden('error-from-discord', 'error-rate-limited', 'error-with-issues'),
  },
}

const within = (message: string, data: object) => ({
  allOf: [schemaRef(message), { properties: { data } }],
})

/** What asks for one command. */
function asking([name, { example }]: (typeof table)[number]): [string, object] {
  const asks = { properties: { command: { const: name }, payload: schemaRef(`${name}.payload`) } }
  const payload = {
    type: 'command',
    data: { command: name, payload: example },
    requestId: 'req-1',
    ts: 1_699_000_000_000,
  }
  return [name, { correlationId, payload: within('CommandMessageV2', asks), examples: [{ payload }] }]
}

/** What answers that commands were done, by the names of their results. */
const results = [...new Set(table.map(([name]) => resultName(name)))]
const answering = (result: string) => ({ correlationId, payload: within('AckMessage', schemaRef(result)) })

const channel = ref('channels', 'version2')
const messageOf = (name: string) => ref('channels', 'version2', 'messages', name)

/** How one is asked of the gateway and answered, with what the table knows besides. */
function operationOf([name, definition]: (typeof table)[number]): [string, object] {
  const {
    method,
    summary,
    repeatable,
    guild,
    channels = [],
    permissions = [],
    permissionsIf,
    permissionsAllIf,
    errors = [],
    rest,
  } = definition
  const page = rest && discordPage(rest.route)
  return [
    name,
    {
      action: 'receive',
      title: method,
      summary,
      channel,
      messages: [messageOf(name)],
      reply: ref('components', 'replies', resultName(name)),
      tags: [{ name: method.split('.', 1)[0] }],
      ...(page && { externalDocs: { url: page } }),
      'x-repeatable': repeatable,
      'x-scope': [...(guild ? [guild] : []), ...channels],
      ...(permissions.length > 0 && { 'x-permissions': permissions }),
      ...(permissionsIf && { 'x-permissions-if': permissionsIf }),
      ...(permissionsAllIf && { 'x-permissions-all-if': permissionsAllIf }),
      ...(errors.length > 0 && { 'x-errors': errors }),
      ...(rest && { 'x-discord-route': rest.route }),
    },
  ]
}

const LAST_EVENT_ID = {
  type: 'string',
  maxLength: EVENT_ID_MAX_CHARS,
  description: 'The id of the last event that was seen: go on after it. Without it the backend is new.',
}

function channelOf(title: string, messages: readonly string[], headers: Record<string, object>): object {
  return {
    address: LINK_PATH,
    title,
    servers: [ref('servers', 'gateway')],
    messages: keyed(messages, (name) => ref('components', 'messages', name)),
    bindings: {
      ws: {
        method: 'GET',
        query: inlineSchema(QuerySchema),
        headers: { type: 'object', properties: { 'Last-Event-ID': LAST_EVENT_ID, ...headers } },
        bindingVersion: '0.1.0',
      },
    },
    'x-close-codes': closeCodes,
  }
}

const said = (version: string, action: 'send' | 'receive', title: string, ...messages: readonly string[]) => ({
  action,
  title,
  channel: ref('channels', version),
  messages: messages.map((name) => ref('channels', version, 'messages', name)),
})

/** docs/asyncapi.json: the link as AsyncAPI describes it, from the gateway's side: it sends events, and receives commands. */
export function asyncApiDocument(): object {
  const commandNames = table.map(([name]) => name)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Gateway Service Protocol',
      version: '2',
      description:
        'The link between the Gateway Service and a backend, both versions of it. docs/PROTOCOL.md says in words what no schema can; docs/COMMANDS.md is the page of the commands.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      gateway: {
        host: '127.0.0.1:8787',
        protocol: 'ws',
        description: 'The Gateway Service, where GATEWAY_HOST and GATEWAY_PORT have it.',
        security: [ref('components', 'securitySchemes', 'linkToken')],
      },
    },
    channels: {
      version1: channelOf('Version 1: no subprotocol', ['event', 'command', 'ack', 'error'], {}),
      version2: channelOf('Version 2', ['event', 'sync', 'error', ...commandNames, ...results], {
        'Sec-WebSocket-Protocol': { const: GATEWAY_SERVICE_V2 },
      }),
    },
    operations: {
      'version1.events': said('version1', 'send', 'What Discord says', 'event'),
      'version1.commands': {
        ...said('version1', 'receive', 'What is to be done: any of the commands', 'command'),
        reply: {
          channel: ref('channels', 'version1'),
          messages: ['ack', 'error'].map((name) => ref('channels', 'version1', 'messages', name)),
        },
      },
      'version2.events': said('version2', 'send', 'What Discord says, and where the backend stands', 'event', 'sync'),
      ...Object.fromEntries(table.map(operationOf)),
    },
    components: {
      securitySchemes: {
        linkToken: { type: 'http', scheme: 'bearer', description: 'One of the gateway’s link tokens.' },
      },
      correlationIds: {
        requestId: { location: '$message.payload#/requestId', description: 'Chosen by who asks, told by the answer.' },
      },
      messages: { ...MESSAGES, ...Object.fromEntries(table.map(asking)), ...keyed(results, answering) },
      replies: keyed(results, (result) => ({ channel, messages: [messageOf(result), messageOf('error')] })),
      schemas: componentSchemas(),
    },
    'x-errors': errorCodes,
  }
}
