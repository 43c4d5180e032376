import type { z } from 'zod'
import type { Reply } from '../http/reply.ts'
import { reactBody, speakBody, typingBody, voiceBody } from '../people/bodies.ts'
import type { People } from '../people/people.ts'

type Read = <T>(shape: z.ZodType<T>) => Promise<T>

const ROUTES: Readonly<Record<string, (people: People, read: Read) => Promise<Reply>>> = {
  '/speak': async (people, read) => ({ status: 201, body: people.speak(await read(speakBody)) }),
  '/typing': async (people, read) => {
    people.type(await read(typingBody))
    return { status: 204 }
  },
  '/react': async (people, read) => {
    people.react(await read(reactBody))
    return { status: 204 }
  },
  '/voice': async (people, read) => ({ status: 200, body: people.voice(await read(voiceBody)) }),
}

/** What the control API lets people do. Undefined if it is no such request. */
export async function answerPeople(
  people: People,
  method: string | undefined,
  path: string,
  read: Read,
): Promise<Reply | undefined> {
  return method === 'POST' && Object.hasOwn(ROUTES, path) ? ROUTES[path]?.(people, read) : undefined
}
