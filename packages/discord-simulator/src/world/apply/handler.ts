import { z } from 'zod'
import { id, withId } from '../shapes.ts'
import type { Guild } from '../types.ts'
import type { World } from '../world.ts'

/** What a dispatch does to the world. */
export interface Handler {
  /** What the payload has to say for that. */
  shape: z.ZodType
  /** Passes over what has not the shape. */
  apply: (world: World, payload: unknown) => void
}

/** By the names of events. */
export type Handlers = Readonly<Record<string, Handler>>

/** What events of a guild say at least: of the guild, of somebody in it, of something in it that has an id. */
export const inGuild = z.looseObject({ guild_id: id })
export const withUser = z.looseObject({ guild_id: id, user: withId })
export const inGuildWithId = z.looseObject({ id, guild_id: id })

/** Reads the payload, and calls the handler only if it has the shape. */
export function on<T>(shape: z.ZodType<T>, handle: (world: World, payload: T) => void): Handler {
  const apply = (world: World, payload: unknown) => {
    const read = shape.safeParse(payload)
    if (read.success) handle(world, read.data)
  }
  return { shape, apply }
}

/** The same for events of a guild: without a known guild nothing happens. */
export function onGuild<T extends { guild_id: string }>(
  shape: z.ZodType<T>,
  handle: (guild: Guild, payload: T, world: World) => void,
): Handler {
  return on(shape, (world, payload) => {
    const guild = world.guild(payload.guild_id)
    if (guild) handle(guild, payload, world)
  })
}

/** Replaces the list's entry that `same` finds, merging what it had, or adds one. */
export function upsert<T extends object>(list: T[], entry: object, same: (candidate: T) => boolean): void {
  const at = list.findIndex(same)
  // Raw dispatches are trusted to be what their event's name says; the types cannot know.
  if (at === -1) list.push(entry as T)
  else list[at] = { ...(list[at] as T), ...entry }
}

export function remove<T>(list: T[], which: (candidate: T) => boolean): void {
  const at = list.findIndex(which)
  if (at !== -1) list.splice(at, 1)
}

export const without = (value: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
