import type { ChannelIndex } from './channel-index.ts'
import { Collection } from './collection.ts'
import { isLarger } from '../is-larger.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'

const byId = (entry: JsonObject) => entry['id']
const byUser = (entry: JsonObject) => (isObject(entry['user']) ? entry['user']['id'] : undefined)

/**
 * The arrays of a GUILD_CREATE and where each entry's id is. What is not here is a plain field of the guild.
 * https://docs.discord.com/developers/events/gateway-events#guild-create
 */
const KEYS = {
  roles: byId,
  emojis: byId,
  stickers: byId,
  channels: byId,
  threads: byId,
  members: byUser,
  voice_states: (entry: JsonObject) => entry['user_id'],
  presences: byUser,
  stage_instances: byId,
  guild_scheduled_events: byId,
  soundboard_sounds: (entry: JsonObject) => entry['sound_id'],
}

export type CollectionName = keyof typeof KEYS
const NAMES = Object.keys(KEYS) as readonly CollectionName[]

/** The arrays of what has an id among the channels. */
const CHANNELS: ReadonlySet<CollectionName> = new Set(['channels', 'threads'])

/** A guild as GUILD_CREATE says it: every array is there, whatever else Discord sent is kept as it came. */
export type GuildPayload = JsonObject & { readonly id: string } & {
  readonly [Name in CollectionName]: readonly JsonObject[]
}

/** One guild: its plain fields and its arrays, each by id. */
export class Guild {
  readonly id: string
  readonly collections: { readonly [Name in CollectionName]: Collection }
  #fields: JsonObject
  #fieldsText: string | null = null
  /**
   * The whole text, until something changes or memory is wanted for something else: thousands may ask for it one after the other,
   * and of a guild that nobody asks for it is as large again as its parts.
   */
  #whole: WeakRef<{ readonly text: string }> | null = null
  /** Where the whole is too large to be told; until something changes. */
  #cut: { within: number; text: string | null } | null = null

  /** @param channels is kept up to date with what this guild's channels are, until `leave`. */
  constructor(id: string, channels: ChannelIndex) {
    this.id = id
    this.#fields = { id }
    const listed = {
      added: (channelId: string) => channels.add(channelId, id),
      removed: (channelId: string) => channels.remove(channelId, id),
    }
    const changed = () => this.#forgetWhole()
    const made = NAMES.map((name) => [name, new Collection(KEYS[name], changed, CHANNELS.has(name) ? listed : null)])
    this.collections = Object.fromEntries(made) as { [Name in CollectionName]: Collection }
  }

  /** The plain fields. */
  get fields(): JsonObject {
    return this.#fields
  }

  /** The guild is gone, or another takes its place: its channels are its own no more. */
  leave(): void {
    for (const name of CHANNELS) this.collections[name].unlist()
  }

  /** Lays a guild object over this one. Answers how many entries of its arrays were not understood. */
  merge(payload: JsonObject): number {
    let skipped = 0
    const fields: [string, unknown][] = []
    for (const [name, value] of Object.entries(payload)) {
      if (!isCollectionName(name)) fields.push([name, value])
      else if (Array.isArray(value)) skipped += this.collections[name].replace(value)
      else skipped++
    }
    this.patch({ ...Object.fromEntries(fields), id: this.id })
    return skipped
  }

  patch(fields: JsonObject): void {
    this.#fields = { ...this.#fields, ...fields }
    this.#fieldsText = null
    this.#forgetWhole()
  }

  #forgetWhole(): void {
    this.#whole = null
    this.#cut = null
  }

  get payload(): GuildPayload {
    const arrays = NAMES.map((name) => [name, [...this.collections[name].values()]] as const)
    return { ...this.#fields, ...Object.fromEntries(arrays) } as GuildPayload
  }

  /** The payload's JSON text; only what changed since it was last asked for is encoded. */
  get text(): string {
    const known = this.#whole?.deref()
    if (known) return known.text
    this.#fieldsText ??= JSON.stringify(this.#fields).slice(0, -1)
    const text = [this.#fieldsText, ...NAMES.map((name) => `"${name}":${this.collections[name].text}`)].join(',') + '}'
    this.#whole = new WeakRef({ text })
    return text
  }

  /** Encodes ahead what `text` will ask for, where that is long. Each step answers how many characters it made. */
  *encoding(): Iterable<number> {
    for (const name of NAMES) yield* this.collections[name].encoding()
  }

  /**
   * The text, in no more bytes than that. One that is larger says, as Discord does of `large` guilds, not everybody: no
   * presences, and as many members as there is room for, those in voice before those that were known first. Null where even
   * that is too large.
   */
  textWithin(maxBytes: number): string | null {
    if (this.#cut?.within === maxBytes) return this.#cut.text
    const { text } = this
    if (!isLarger(text, maxBytes)) return text
    this.#cut = { within: maxBytes, text: this.#cutText(maxBytes) }
    return this.#cut.text
  }

  #cutText(maxBytes: number): string | null {
    const { members, voice_states: voiceStates } = this.collections
    const rest = NAMES.filter((name) => name !== 'members' && name !== 'presences')
    const parts = [
      JSON.stringify({ ...this.#fields, large: true }).slice(0, -1),
      ...rest.map((name) => `"${name}":${this.collections[name].text}`),
      '"presences":[]',
    ]
    const head = `${parts.join(',')},"members":`
    const room = maxBytes - Buffer.byteLength(head) - '}'.length
    if (room < '[]'.length) return null
    return `${head}${arrayWithin(members.values(), room, (member) => voiceStates.get(byUser(member)) !== undefined)}}`
  }
}

/** As a JSON array in no more bytes than that: those that are wanted before all others, and of these the first. */
function arrayWithin(
  entries: Iterable<JsonObject>,
  maxBytes: number,
  isWanted: (entry: JsonObject) => boolean,
): string {
  const texts = Array.from(entries, (entry) => ({ isWanted: isWanted(entry), text: JSON.stringify(entry) }))
  const kept: string[] = []
  let bytes = '[]'.length
  for (const { text } of texts.sort((a, b) => Number(b.isWanted) - Number(a.isWanted))) {
    bytes += Buffer.byteLength(text) + ','.length
    if (bytes > maxBytes) break
    kept.push(text)
  }
  return `[${kept.join(',')}]`
}

function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(KEYS, name)
}
