/** A piece of a line, by what it is. */
export type PayloadToken = { kind: 'key' | 'text' | 'number' | 'word' | 'mark'; text: string }

export type PayloadLine = {
  /** Names the line among all of its payload; that of a container also names the container. */
  path: string
  depth: number
  tokens: readonly PayloadToken[]
  /** What pressing it opens or folds; null: nothing. */
  fold: { is: 'open' | 'folded'; name: string; size: number } | null
  /** So many more of this container's entries may be asked for. */
  more: number | null
}

/** What somebody has opened or folded, and how many entries of which container they asked for, by its path. */
export type PayloadView = {
  readonly open: Readonly<Record<string, boolean>>
  readonly shown: Readonly<Record<string, number>>
}

/** A container whose text is no longer stands in its line. */
const INLINE_CHARACTERS = 56
/** So many entries of a container are shown at first, and with each asking: a guild's snapshot has thousands. */
export const ENTRIES_SHOWN = 100
/** No line holds more of a text: browsers are slow with lines of a megabyte. */
const TEXT_CHARACTERS = 4_000

/** As no entry is called: in a JSON pointer (RFC 6901) a tilde stands before a digit. */
const MORE = '/~more'
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** The container whose further entries a line stands for. */
export const containerOf = (path: string): string => path.slice(0, -MORE.length)

/** A payload as lines of JSON. Only what is open is looked at, so what a payload costs is what of it is shown. */
export function payloadLines(payload: unknown, view: PayloadView): PayloadLine[] {
  const lines: PayloadLine[] = []
  addValue(lines, { value: payload, path: '$', depth: 0, key: null, comma: false, isRoot: true }, view)
  return lines
}

type Place = { value: unknown; path: string; depth: number; key: string | null; comma: boolean; isRoot?: boolean }

function addValue(lines: PayloadLine[], place: Place, view: PayloadView): void {
  const { value, path, depth, key, comma, isRoot = false } = place
  const start = key === null ? [] : [token('key', JSON.stringify(key)), token('mark', ': ')]
  const end = comma ? [token('mark', ',')] : []
  const plain = (tokens: PayloadToken[]): PayloadLine => ({ path, depth, tokens, fold: null, more: null })
  if (!isContainer(value)) return void lines.push(plain([...start, scalar(value), ...end]))
  const entries = entriesOf(value)
  const inline = isRoot ? null : inlineOf(value)
  if (inline !== null) return void lines.push(plain([...start, ...inline, ...end]))
  const [opening, closing] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const fold = { name: key ?? 'payload', size: entries.length }
  if (!(view.open[path] ?? isRoot)) {
    const tokens = [...start, token('mark', `${opening} … ${entries.length} ${closing}`), ...end]
    return void lines.push({ path, depth, tokens, fold: { is: 'folded', ...fold }, more: null })
  }
  const isOpen = isRoot ? null : ({ is: 'open', ...fold } as const)
  lines.push({ path, depth, tokens: [...start, token('mark', opening)], fold: isOpen, more: null })
  const shown = view.shown[path] ?? ENTRIES_SHOWN
  for (const [index, [name, each]] of entries.slice(0, shown).entries()) {
    const last = index === entries.length - 1
    const below = {
      value: each,
      path: `${path}/${escaped(name)}`,
      depth: depth + 1,
      key: Array.isArray(value) ? null : name,
    }
    addValue(lines, { ...below, comma: !last }, view)
  }
  if (entries.length > shown) {
    lines.push({ path: `${path}${MORE}`, depth: depth + 1, tokens: [], fold: null, more: entries.length - shown })
  }
  lines.push({ path: `${path}/~end`, depth, tokens: [token('mark', closing), ...end], fold: null, more: null })
}

type Container = readonly unknown[] | { readonly [key: string]: unknown }

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null
const entriesOf = (value: Container): [string, unknown][] => Object.entries(value)

/** In one line, where it is short and nothing in it would have to be opened; else null. */
function inlineOf(value: Container): PayloadToken[] | null {
  const entries = entriesOf(value)
  if (entries.length === 0) return [token('mark', Array.isArray(value) ? '[]' : '{}')]
  if (entries.length > 8 || entries.some(([, each]) => isContainer(each))) return null
  const [opening, closing] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }']
  const tokens = entries.flatMap(([key, each], index) => [
    ...(index > 0 ? [token('mark', ', ')] : []),
    ...(Array.isArray(value) ? [] : [token('key', JSON.stringify(key)), token('mark', ': ')]),
    scalar(each),
  ])
  const length = tokens.reduce((sum, { text }) => sum + text.length, 0)
  return length > INLINE_CHARACTERS ? null : [token('mark', opening), ...tokens, token('mark', closing)]
}

function scalar(value: unknown): PayloadToken {
  if (typeof value === 'string') {
    const cut = value.length > TEXT_CHARACTERS
    const text = JSON.stringify(cut ? value.slice(0, TEXT_CHARACTERS) : value)
    return token('text', cut ? `${text} … ${value.length - TEXT_CHARACTERS} more characters` : text)
  }
  return token(typeof value === 'number' ? 'number' : 'word', String(value))
}

const token = (kind: PayloadToken['kind'], text: string): PayloadToken => ({ kind, text })
