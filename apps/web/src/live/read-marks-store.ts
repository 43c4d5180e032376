import { z } from 'zod'
import { compareSnowflakes, SnowflakeSchema } from '@repo/discord-integration/types'
import { KeptTexts, type TextStorage } from './kept-texts.ts'
import { parseJson } from './stream/json.ts'
import { allRead, firstAfter, readUpTo } from './view/read-marks.ts'
import type { Unread } from './view/view-types.ts'

export type Marks = Readonly<Record<string, Unread>>

export type MarksEnvironment = {
  /** Null, or it throws: nothing may be kept here. */
  storage: () => TextStorage | null
  /** Hears the name of what another tab has changed; null: all of it. */
  onOther: (listener: (key: string | null) => void) => () => void
  now: () => number
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
}

/** How one server's marks come to other tabs, and back. */
export type OpenMarks = {
  /** Something was read, or counted: it is kept soon. */
  changed: () => void
  /** It is kept now, as when the page goes. */
  flush: () => void
  close: () => void
  /** Nothing of that server stays behind. */
  forget: () => void
}

const PREFIX = 'read:'
/** Whoever reads or hears much changes them with each message: other tabs need not know sooner. */
const SAVE_MS = 250
/** Those with the newest messages. Some 70 characters each, of the five million that a browser gives. */
const CHANNELS_MAX = 500
/** And of so many servers, those that were shown last. */
const GUILDS_MAX = 30

/** Read up to, heard up to, how many are unread of that and name the viewer, and whether that is all. */
const MarkSchema = z.tuple([SnowflakeSchema, SnowflakeSchema, z.int().min(0), z.int().min(0), z.boolean()])
const KeptSchema = z.object({ at: z.number(), marks: z.record(SnowflakeSchema, MarkSchema) })

/**
 * What a person has read in each server, and how much they have not: ids and numbers, never what was said. It outlives the page,
 * is the same for all tabs of a browser, and goes when they sign out, or when somebody else comes.
 */
export class ReadMarksStore {
  readonly #env: MarksEnvironment
  readonly #texts: KeptTexts

  constructor(env: MarksEnvironment) {
    this.#env = env
    this.#texts = new KeptTexts(env.storage, PREFIX)
  }

  /** @param told what is known already, and then what other tabs say. */
  open(viewerId: string, guildId: string, local: () => Marks, told: (marks: Marks) => void): OpenMarks {
    const key = `${PREFIX}${viewerId}:${guildId}`
    this.#texts.removeWhere((name) => !name.startsWith(`${PREFIX}${viewerId}:`))
    let timer: unknown = null
    let isOpen = true
    const tell = () => {
      const kept = this.#read(key)
      if (kept !== null) told(kept.marks)
    }
    const save = () => {
      if (timer === null || !isOpen) return
      this.#env.clearTimer(timer)
      timer = null
      // What another has read since is not taken back.
      tell()
      this.#write(key, local())
    }
    const stop = this.#env.onOther((name) => name === key && tell())
    const close = () => {
      save()
      isOpen = false
      stop()
    }
    tell()
    return {
      changed: () => {
        if (isOpen) timer ??= this.#env.setTimer(save, SAVE_MS)
      },
      flush: save,
      close,
      forget: () => {
        isOpen = false
        stop()
        this.#texts.remove(key)
      },
    }
  }

  /** They are signed out. @param viewerId null: nobody is signed in any more. */
  forgetAll(viewerId: string | null): void {
    this.#texts.removeWhere((name) => viewerId === null || name.startsWith(`${PREFIX}${viewerId}:`))
  }

  #read(key: string): { at: number; marks: Marks } | null {
    const text = this.#texts.get(key)
    const kept = KeptSchema.safeParse(text === null ? null : parseJson(text))
    if (!kept.success) return null
    const marks = Object.entries(kept.data.marks).map(([id, [read, newest, count, mentions, isWhole]]) => {
      if (read === newest) return [id, allRead(newest)] as const
      return [id, { count, mentions, first: firstAfter(read), newest, isWhole }] as const
    })
    return { at: kept.data.at, marks: Object.fromEntries(marks) }
  }

  #write(key: string, marks: Marks): void {
    const newest = Object.entries(marks)
      .sort(([, a], [, b]) => compareSnowflakes(b.newest, a.newest))
      .slice(0, CHANNELS_MAX)
    const kept = newest.map(([id, unread]) => {
      const { newest: heard, count, mentions, isWhole } = unread
      return [id, [readUpTo(unread), heard, count, mentions, isWhole]] as const
    })
    const text = JSON.stringify({ at: this.#env.now(), marks: Object.fromEntries(kept) })
    const isNew = this.#texts.get(key) === null
    this.#texts.set(key, text)
    if (isNew) this.#trim()
  }

  #trim(): void {
    const byAge = this.#texts.names().map((name) => ({ name, at: this.#read(name)?.at ?? 0 }))
    const old = new Set(
      byAge
        .sort((a, b) => b.at - a.at)
        .slice(GUILDS_MAX)
        .map(({ name }) => name),
    )
    this.#texts.removeWhere((name) => old.has(name))
  }
}
