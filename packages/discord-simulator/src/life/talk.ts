import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { Random } from '../random.ts'
import {
  composeMessage,
  isoTime,
  messageEvent,
  reactionAddEvent,
  reactionRemoveEvent,
  typingEvent,
} from '../world/compose.ts'
import type { Located, Member } from '../world/types.ts'
import type { Happening } from './agenda.ts'
import { SCENES } from './scenes.ts'
import type { SceneLine, Scene } from './scenes.ts'
import type { Stage } from './script.ts'

/** What one types in a second. */
const CHARACTERS_PER_S = 14

const NEEDED = PermissionFlagsBits.SendMessages | PermissionFlagsBits.ReadMessageHistory

/** A conversation under way. */
interface Play {
  at: Located
  cast: ReadonlyMap<string, Member>
  lines: readonly SceneLine[]
  /** Ids of what was said, by line. */
  said: string[]
  done: () => void
}

/** Draws all of a list in random order, then all of it again. */
function deck<T>(random: Random, list: readonly T[]): () => T {
  let left: T[] = []
  return () => {
    if (left.length === 0) left = [...list]
    const card = random.pick(left)
    left.splice(left.indexOf(card), 1)
    return card
  }
}

function locate({ world }: Stage, scene: Scene): Located | undefined {
  const guild = world.guilds().find((candidate) => candidate.name === scene.guild && !candidate.unavailable)
  const channel = [...(guild?.channels ?? []), ...(guild?.threads ?? [])].find((c) => c.name === scene.channel)
  return guild && channel ? { guild, channel } : undefined
}

/** Gives each part of a scene to somebody who may speak there. Undefined if there are too few. */
function castFor({ world, random }: Stage, at: Located, lines: readonly SceneLine[]): Map<string, Member> | undefined {
  const able = at.guild.members.filter(
    (member) => !member.user.bot && (world.permissions(at, member.user.id) & NEEDED) === NEEDED,
  )
  const parts = [...new Set(lines.map((line) => line.who))]
  if (able.length < parts.length) return undefined
  const next = deck(random, able)
  return new Map(parts.map((part) => [part, next()]))
}

const tell = (stage: Stage, at: Located, event: string, message: APIMessage): Happening => ({
  event,
  payload: messageEvent(stage.world, at, message),
})

/** Corrects what was written, if it is still there. */
function correct(stage: Stage, play: Play, id: string, content: string): Happening[] {
  const message = stage.world.messages.get(play.at.channel.id, id)
  if (!message) return []
  const edited_timestamp = isoTime(stage.world.clock.now())
  return [tell(stage, play.at, 'MESSAGE_UPDATE', { ...message, content, edited_timestamp })]
}

function react({ world, random, agenda }: Stage, { at }: Play, id: string, emoji: string): Happening[] {
  const message = world.messages.get(at.channel.id, id)
  const others = at.guild.members.filter(
    ({ user }) =>
      !user.bot && user.id !== message?.author.id && !world.messages.hasReacted(id, user.id, { id: null, name: emoji }),
  )
  if (!message || others.length === 0) return []
  const { user } = random.pick(others)
  // Now and then somebody thinks better of it.
  if (random.chance(0.06)) {
    const payload = reactionRemoveEvent(at, message, user.id, emoji)
    agenda.add(random.int(2_000, 9_000), () => [{ event: 'MESSAGE_REACTION_REMOVE', payload }])
  }
  return [{ event: 'MESSAGE_REACTION_ADD', payload: reactionAddEvent(world, at, message, user.id, emoji) }]
}

function speak(stage: Stage, play: Play, index: number): Happening[] {
  const { world, random, agenda } = stage
  const line = play.lines[index]
  const author = line && play.cast.get(line.who)
  // The channel may be gone meanwhile, or the member.
  if (!author || !world.channel(play.at.channel.id) || !world.member(play.at.guild.id, author.user.id)) {
    play.done()
    return []
  }
  const answered = line.answers === undefined ? undefined : play.said[line.answers]
  const message = composeMessage(world, play.at, {
    author: author.user,
    content: line.first ?? line.text,
    reply_to: answered === undefined ? undefined : world.messages.get(play.at.channel.id, answered),
  })
  play.said.push(message.id)
  if (line.first) agenda.add(random.int(4_000, 11_000), () => correct(stage, play, message.id, line.text))
  for (const emoji of line.draws ?? []) {
    const times = random.int(1, 3)
    for (let i = 0; i < times; i++) agenda.add(random.int(2_500, 25_000), () => react(stage, play, message.id, emoji))
  }
  prepare(stage, play, index + 1)
  return [tell(stage, play.at, 'MESSAGE_CREATE', message)]
}

/** Lets the next line be typed, and then be said. */
function prepare(stage: Stage, play: Play, index: number): void {
  const { world, random, agenda } = stage
  const line = play.lines[index]
  const author = line && play.cast.get(line.who)
  if (!author) return play.done()
  const pauseMs = index === 0 ? 0 : random.int(1_500, 9_000)
  const typingMs = Math.min(8_000, 700 + (line.text.length / CHARACTERS_PER_S) * 1_000)
  agenda.add(pauseMs, () => [{ event: 'TYPING_START', payload: typingEvent(world, play.at, author.user.id) }])
  agenda.add(pauseMs + Math.round(typingMs), () => speak(stage, play, index))
}

/** Returns what begins a conversation each time it is called, where there is none under way. */
export function startTalking(stage: Stage): () => Happening[] {
  const next = deck(stage.random, SCENES)
  const busy = new Set<string>()
  return () => {
    const scene = next()
    const at = locate(stage, scene)
    if (!at || busy.has(at.channel.id)) return []
    const cast = castFor(stage, at, scene.lines)
    if (!cast) return []
    busy.add(at.channel.id)
    const done = () => void busy.delete(at.channel.id)
    prepare(stage, { at, cast, lines: scene.lines, said: [], done }, 0)
    return []
  }
}
