import { z } from 'zod'
import { ownApplication } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, readForm, text } from '../form.ts'
import { image } from '../images.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** https://docs.discord.com/developers/resources/emoji#emoji-object-emoji-formats and before it */
const MOST = 2_000

const name = text(32, 2).refine(
  (value) => /^\w+$/.test(value),
  blame('STRING_TYPE_REGEX', 'String value did not match validation regex.'),
)
const emojiBody = z.looseObject({
  name,
  image,
})

function emojisOf({ world, records }: RestContext, request: RestRequest) {
  ownApplication(world, param(request, 'application_id'))
  return records.applicationEmojis
}

function emojiOf(context: RestContext, request: RestRequest) {
  const emoji = emojisOf(context, request).get(param(request, 'emoji_id'))
  if (!emoji) throw refusal.unknownGuildEmoji()
  return emoji
}

const path = '/applications/:application_id/emojis'

/** The bot's own, good in every guild; no dispatch tells of them. https://docs.discord.com/developers/resources/emoji#list-application-emojis */
export const applicationEmojiRoutes: readonly Route[] = [
  { method: 'GET', path, handle: (at, request) => ok({ items: [...emojisOf(at, request).values()] }) },
  {
    method: 'POST',
    path,
    handle: (context, request) => {
      const { world } = context
      const emojis = emojisOf(context, request)
      const body = readForm(emojiBody, request.body ?? {})
      if (emojis.size >= MOST) throw refusal.tooManyEmojis(MOST)
      const emoji = {
        id: world.nextId(),
        name: body.name,
        roles: [],
        user: world.bot,
        require_colons: true,
        managed: false,
        animated: body.image.startsWith('data:image/gif'),
        available: true,
      }
      emojis.set(emoji.id, emoji)
      return { status: 201, body: emoji }
    },
  },
  { method: 'GET', path: `${path}/:emoji_id`, handle: (at, request) => ok(emojiOf(at, request)) },
  {
    method: 'PATCH',
    path: `${path}/:emoji_id`,
    handle: (context, request) => {
      const before = emojiOf(context, request)
      const change = readForm(z.looseObject({ name: name.optional() }), request.body ?? {})
      const next = { ...before, name: change.name ?? before.name }
      emojisOf(context, request).set(next.id, next)
      return ok(next)
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:emoji_id`,
    handle: (context, request) => {
      const { id } = emojiOf(context, request)
      emojisOf(context, request).delete(id)
      return none()
    },
  },
]
