import { z } from 'zod'
import { id, moment, newUser, user, withId } from './shapes.ts'

/** Some object, of which nothing is looked at. */
const some = z.looseObject({})

/** https://docs.discord.com/developers/resources/poll#poll-object: votes are counted into it */
const poll = z.looseObject({
  question: some,
  answers: z.array(z.looseObject({ answer_id: z.int(), poll_media: some })),
  expiry: moment.nullish(),
  results: z
    .looseObject({
      is_finalized: z.boolean(),
      answer_counts: z.array(z.looseObject({ id: z.int(), count: z.int() })),
    })
    .nullish(),
})

/** https://docs.discord.com/developers/resources/message#embed-object: it is searched by its kind and its provider */
const embed = z.looseObject({
  type: z.string().optional(),
  image: some.nullish(),
  video: some.nullish(),
  provider: z.looseObject({ name: z.string().nullish() }).nullish(),
})

const attachment = z.looseObject({ id, filename: z.string().default('file'), content_type: z.string().nullish() })

/** https://docs.discord.com/developers/components/reference: people use those within others too */
const component = z.looseObject({
  type: z.int(),
  custom_id: z.string().optional(),
  options: z.array(some).optional(),
  get components() {
    return z.array(component).optional()
  },
  get component() {
    return component.optional()
  },
  get accessory() {
    return component.optional()
  },
})

/** A new message, or what an edit changes of it. */
export const message = z.looseObject({
  id,
  channel_id: id,
  author: user.optional(),
  type: z.int().optional(),
  content: z.string().optional(),
  flags: z.int().optional(),
  pinned: z.boolean().optional(),
  timestamp: z.string().optional(),
  mentions: z.array(user).optional(),
  mention_roles: z.array(id).optional(),
  embeds: z.array(embed).optional(),
  attachments: z.array(attachment).optional(),
  components: z.array(component).optional(),
  sticker_items: z.array(withId).optional(),
  message_reference: z.looseObject({ channel_id: id.optional(), message_id: id.optional() }).nullish(),
  message_snapshots: z.array(z.looseObject({ message: some })).optional(),
  poll: poll.nullish(),
})

/** What is new, with all that whoever reads it relies on. */
export const newMessage = (value: z.infer<typeof message>) => ({
  content: '',
  attachments: [],
  embeds: [],
  mention_roles: [],
  ...value,
  // Of whom nothing was said.
  author: newUser(value.author ?? { id: '0', username: 'nobody' }),
})
