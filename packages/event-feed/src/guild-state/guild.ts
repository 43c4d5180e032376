import { Collection } from './collection.ts'
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
  #text: string | null = null

  constructor(id: string) {
    this.id = id
    this.#fields = { id }
    const changed = () => {
      this.#text = null
    }
    this.collections = Object.fromEntries(NAMES.map((name) => [name, new Collection(KEYS[name], changed)])) as {
      [Name in CollectionName]: Collection
    }
  }

  /** The plain fields. */
  get fields(): JsonObject {
    return this.#fields
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
    this.#text = null
  }

  get payload(): GuildPayload {
    const arrays = NAMES.map((name) => [name, [...this.collections[name].values()]] as const)
    return { ...this.#fields, ...Object.fromEntries(arrays) } as GuildPayload
  }

  /** The payload's JSON text; only what changed since it was last asked for is encoded. */
  get text(): string {
    this.#fieldsText ??= JSON.stringify(this.#fields).slice(0, -1)
    this.#text ??=
      [this.#fieldsText, ...NAMES.map((name) => `"${name}":${this.collections[name].text}`)].join(',') + '}'
    return this.#text
  }
}

function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(KEYS, name)
}
