import type { APIMessage } from 'discord-api-types/v10'
import type { Located, Place } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Files } from '../files.ts'
import type { RestContext } from '../route.ts'
import type { GivenFile } from './body.ts'

type Group = 'users' | 'members' | 'roles' | 'channels' | 'messages' | 'attachments'

/**
 * What the ids of an interaction mean.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure
 */
export class Resolved {
  readonly #world: World
  readonly #files: Files
  readonly #place: Place
  readonly #userId: string
  readonly #found: Partial<Record<Group, Record<string, object>>> = {}

  /** @param userId who interacts: a channel is resolved with what they may do there */
  constructor({ world, files }: Pick<RestContext, 'world' | 'files'>, place: Place, userId: string) {
    this.#world = world
    this.#files = files
    this.#place = place
    this.#userId = userId
  }

  #add(group: Group, id: string, thing: object | undefined): boolean {
    if (thing) (this.#found[group] ??= {})[id] = thing
    return thing !== undefined
  }

  /** False if there is no such user. */
  user(id: string): boolean {
    const { guild } = this.#place
    const member = guild && this.#world.member(guild.id, id)
    if (guild && member) {
      const { user: _user, deaf: _deaf, mute: _mute, ...rest } = member
      this.#add('members', id, { ...rest, permissions: String(this.#world.permissions(this.#place, id)) })
    }
    return this.#add('users', id, this.#world.user(id))
  }

  role(id: string): boolean {
    return this.#add(
      'roles',
      id,
      this.#place.guild?.roles.find((role) => role.id === id),
    )
  }

  /** False if there is none of these types in the guild. */
  channel(id: string, types: readonly number[] = []): boolean {
    const located = this.#world.channel(id)
    if (!located || located.guild !== this.#place.guild) return false
    if (types.length > 0 && !types.includes(located.channel.type)) return false
    return this.#add('channels', id, this.#partial(located))
  }

  /** Keeps a file that was sent along, and gives its id. */
  attachment({ name, data }: GivenFile): string {
    const upload = { field: 'files[0]', index: '0', name, bytes: Buffer.from(data, 'base64') }
    const [kept] = this.#files.keep(this.#place.channel.id, [upload])
    const id = kept?.id ?? ''
    // Discord forgets it after a while: https://docs.discord.com/developers/resources/message#attachment-object
    this.#add('attachments', id, { ...kept, ephemeral: true })
    return id
  }

  message(message: APIMessage): void {
    this.#add('messages', message.id, message)
  }

  #partial({ guild, channel }: Located): object {
    const permissions = String(this.#world.permissions({ guild, channel }, this.#userId))
    const { id, name, type } = channel
    const rest = 'thread_metadata' in channel ? { thread_metadata: channel.thread_metadata } : {}
    const parent = 'parent_id' in channel ? { parent_id: channel.parent_id ?? null } : {}
    return { id, name, type, permissions, guild_id: guild.id, ...parent, ...rest }
  }

  /** As `data` has it: nothing, if there is nothing. */
  shown(): { resolved?: object } {
    return Object.keys(this.#found).length > 0 ? { resolved: this.#found } : {}
  }
}
