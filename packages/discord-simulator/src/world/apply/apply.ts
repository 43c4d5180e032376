import type { z } from 'zod'
import type { World } from '../world.ts'
import { channelHandlers } from './channels.ts'
import { guildHandlers } from './guilds.ts'
import type { Handlers } from './handler.ts'
import { memberHandlers } from './members.ts'
import { messageHandlers } from './messages.ts'
import { planHandlers } from './plans.ts'
import { reactionHandlers } from './reactions.ts'
import { roleHandlers } from './roles.ts'
import { soundHandlers } from './sounds.ts'
import { threadHandlers } from './threads.ts'
import { voiceHandlers } from './voice.ts'

/*
 * What each dispatch does to the world. Dispatches also come raw from the control API, so each handler looks at no more
 * than it needs, and one that lacks it is passed over: it is still sent, as it is, for that may be the point of it.
 */
const HANDLERS: Handlers = {
  ...guildHandlers,
  ...roleHandlers,
  ...channelHandlers,
  ...threadHandlers,
  ...memberHandlers,
  ...voiceHandlers,
  ...messageHandlers,
  ...reactionHandlers,
  ...planHandlers,
  ...soundHandlers,
}

/** The events that the world keeps something of. */
export const KEPT: readonly string[] = Object.keys(HANDLERS)

/** Changes the world by a dispatch. Unknown events and payloads without what their event needs change nothing. */
export function applyDispatch(world: World, event: string, payload: unknown): void {
  if (Object.hasOwn(HANDLERS, event)) HANDLERS[event]?.apply(world, payload)
}

/** What a dispatch has to say if the world is to change by it; undefined for events that change nothing. */
export const shapeOf = (event: string): z.ZodType | undefined =>
  Object.hasOwn(HANDLERS, event) ? HANDLERS[event]?.shape : undefined
