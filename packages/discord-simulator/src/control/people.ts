import type { z } from 'zod'
import type { Reply } from '../http/reply.ts'
import {
  doBody,
  followBody,
  reactBody,
  speakBody,
  typingBody,
  voiceBody,
  voteBody,
  writeBody,
} from '../people/bodies.ts'
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
  '/write': async (people, read) => {
    const { user_id, content } = await read(writeBody)
    return { status: 201, body: people.write(user_id, content) }
  },
  '/vote': async (people, read) => {
    const { user_id, ...ballot } = await read(voteBody)
    people.vote(user_id, ballot)
    return { status: 204 }
  },
  '/follow': async (people, read) => {
    const { user_id, event_id, interested } = await read(followBody)
    people.follow(user_id, event_id, interested)
    return { status: 204 }
  },
  '/do': async (people, read) => {
    const { user_id, event, payload, reason } = await read(doBody)
    people.does(user_id, event, payload, reason)
    return { status: 202 }
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
