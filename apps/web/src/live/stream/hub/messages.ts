import type { RawFrame } from '../frame-reader.ts'
import type { StreamStatus } from '../stream-types.ts'

/** Moves with every change of what is said here: a worker of an older build, or of a newer one, is not talked to. */
export const HUB_VERSION = 2

/** What a tab says. A `sub` is one wish for a guild's events: what is still on its way to an older one is not for it. */
export type ToHub =
  /** `viewer`: for whom the tab was made; null where it does not know. */
  | { type: 'hello'; version: number; viewer: string | null }
  | { type: 'join'; sub: number; guildId: string; place: string | null }
  | { type: 'leave'; sub: number }
  /** What it has taken in all, in messages and in the characters of their data: who takes nothing is sent nothing. */
  | { type: 'taken'; messages: number; chars: number }
  | { type: 'retry' }
  | { type: 'bye' }

/** What the hub says. */
export type ToTab =
  | { type: 'welcome' }
  /** It speaks another version, or is for somebody else. */
  | { type: 'stranger'; version: number }
  /** It is there, and has nothing to say. */
  | { type: 'beat' }
  | { type: 'hops'; data: string }
  | ({ type: 'frame'; sub: number } & RawFrame)
  | { type: 'times'; sub: number; data: string }
  | { type: 'status'; sub: number; status: StreamStatus }
  /** The tab did not take what it was sent. What it wants still, it joins anew, from its place. */
  | { type: 'dropped' }

/** One end of a line between a tab and the hub; `Out` is what is said on this end. */
export type Port<Out, In> = {
  post: (message: Out) => void
  /** Set once; what came before is not lost. */
  listen: (hear: (message: In) => void) => void
  close: () => void
}

export type HubPort = Port<ToHub, ToTab>
export type TabPort = Port<ToTab, ToHub>

/** How often the hub has something to say to each tab, in ms, be it that it has nothing to say. */
export const BEAT_MS = 500
