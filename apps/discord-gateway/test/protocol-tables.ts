import { bounds, closeCodes, errorCodes, SYNC_REASONS, UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import { linkLimits } from '../src/link/limits.ts'
import { uploadLimits } from '../src/uploads/limits.ts'
import { answered, closed, crowds } from './answers.ts'
import { commandsByTopic } from './commands-document.ts'

type Table = { heads: readonly string[]; rows: readonly (readonly string[])[] }

const code = (text: string | number) => `\`${text}\``
const seconds = (ms: number) => (ms === 0 ? 'at once' : `${ms / 1000} s`)
const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`

const limits = [
  [mib(bounds.payload), 'an event’s payload; in place of a larger one comes `gap` with `too_large`'],
  [`${bounds.linkMessage / 1024} KiB`, 'a message to a backend: that much, at least, it has to take'],
  [`${linkLimits.messageMaxBytes / 1024} KiB`, 'a message of a backend; larger ones close the connection'],
  [
    `${linkLimits.connectionsPerTokenMax}`,
    'connections of one token, unless its entry says otherwise; more are refused with TOO_MANY_CONNECTIONS',
  ],
  [`${linkLimits.commandsInFlightMax}`, 'commands of one connection in flight; more are answered TOO_MANY_COMMANDS'],
  [
    `${linkLimits.badMessagesMax}`,
    'messages in a row that were not understood, each answered, until the connection is closed',
  ],
  [
    `${linkLimits.chunkNoncesMax}`,
    'requests of members whose chunks a connection still waits for; the oldest give way',
  ],
  [seconds(linkLimits.pingIntervalMs), 'between two pings'],
  [`${linkLimits.missedPingsMax}`, 'pings that may go unanswered; then the connection is closed'],
  [mib(UPLOAD_MAX_BYTES), 'an upload; larger ones are refused with UPLOAD_TOO_LARGE'],
  [`${uploadLimits.keptMs / 60_000} min`, 'for which an upload may be named by a command'],
  [
    `${mib(uploadLimits.ofBackendMaxBytes)}, ${uploadLimits.ofBackendMax.toLocaleString('en')}`,
    'of uploads of one backend, and how many; more are refused with TOO_MANY_UPLOADS',
  ],
  [mib(uploadLimits.allMaxBytes), 'of uploads of all backends; more are refused with STORAGE_FULL'],
  [`${uploadLimits.atOnceMax}`, 'uploads of one token under way; more are refused with TOO_MANY_UPLOADS'],
  [
    `${seconds(uploadLimits.stalledMs)}, ${uploadLimits.wholeMaxMs / 60_000} min`,
    'between two parts of an upload, and for the whole; what takes longer is cut off with UPLOAD_STALLED',
  ],
] as const

/** The tables of docs/PROTOCOL.md, made from the code. */
export const protocolTables: Readonly<Record<string, Table>> = {
  'sync-reasons': {
    heads: ['Reason', 'Why'],
    rows: Object.entries(SYNC_REASONS).map(([reason, why]) => [code(reason), why]),
  },
  commands: {
    heads: ['Topic', 'Commands'],
    rows: [...commandsByTopic()].map(([topic, of]) => [
      `[${topic}](COMMANDS.md#${topic})`,
      of.map(([name]) => code(name)).join(', '),
    ]),
  },
  errors: {
    heads: ['Code', 'Status', 'The same again can succeed', 'Meaning'],
    rows: Object.entries(errorCodes).map(([name, entry]) => [
      code(name),
      'status' in entry ? String(entry.status) : '',
      entry.retryable ? 'yes' : 'no',
      entry.meaning,
    ]),
  },
  'close-codes': {
    heads: ['Code', 'Name', 'Come back', 'Not before', 'Meaning'],
    rows: Object.entries(closeCodes).map(([name, entry]) => [
      String(entry.code),
      code(name),
      entry.reconnect ? 'yes' : 'no',
      entry.reconnect ? seconds(entry.afterMs) : '',
      entry.meaning,
    ]),
  },
  answers: {
    heads: ['What comes', 'What it is answered', 'To the `requestId`'],
    rows: [
      ...answered.map((row) =>
        row.code === 'ack'
          ? [row.what, 'as if it were not so', 'yes']
          : [row.what, naming(row.code, row.field), row.requestId === 'none' ? 'no' : 'yes'],
      ),
      ...Object.entries(crowds).map(([name, { what, answer }]) => [what, answer, name === 'pings' ? '' : 'yes']),
      ...closed.map(({ what, close, name }) => [what, `closed: ${close} ${name}`, '']),
    ],
  },
  limits: { heads: ['Bound', 'Of what'], rows: limits },
}

/** A document with every table between its markers made anew. Throws for a table that it lacks or that does not exist. */
export function withTables(document: string): string {
  const missing = new Set(Object.keys(protocolTables))
  const made = document.replaceAll(/<!-- table: ([\w-]+) -->\n[^]*?<!-- \/table -->/g, (_old, name: string) => {
    const table = protocolTables[name]
    if (!table) throw new Error(`there is no table ${name}`)
    missing.delete(name)
    return `<!-- table: ${name} -->\n\n${markdown(table)}\n\n<!-- /table -->`
  })
  if (missing.size > 0) throw new Error(`no place for ${[...missing].join(', ')}`)
  return made
}

function naming(error: string, field: string | undefined): string {
  if (field === undefined) return code(error)
  return `${code(error)}, naming ${field.endsWith('.') ? 'the field' : code(field)}`
}

function markdown({ heads, rows }: Table): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
