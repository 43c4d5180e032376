import type { APIPoll } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { list, maybe, snowflake, text } from '../form.ts'

const HOUR_MS = 3_600_000

const emoji = z.looseObject({ id: maybe(snowflake), name: maybe(text(50)) })

/** https://docs.discord.com/developers/resources/poll#poll-create-request-object */
export const pollBody = z.looseObject({
  question: z.looseObject({ text: text(300, 1) }),
  answers: list(z.looseObject({ poll_media: z.looseObject({ text: text(55, 1), emoji: maybe(emoji) }) }), 1, 10),
  // 32 days.
  duration: maybe(z.int().min(1).max(768)).transform((hours) => hours ?? 24),
  allow_multiselect: maybe(z.boolean()).transform((value) => value ?? false),
  layout_type: maybe(z.literal(1)),
})

/** A poll that begins now. Its answers are numbered from 1: https://docs.discord.com/developers/resources/poll#poll-answer-object */
export function pollFrom({ question, answers, duration, allow_multiselect }: z.infer<typeof pollBody>, now: number) {
  return {
    question: { text: question.text },
    answers: answers.map(({ poll_media }, index) => ({
      answer_id: index + 1,
      poll_media: {
        text: poll_media.text,
        ...(poll_media.emoji && { emoji: { id: poll_media.emoji.id ?? null, name: poll_media.emoji.name ?? '' } }),
      },
    })),
    expiry: isoTime(now + duration * HOUR_MS),
    allow_multiselect,
    layout_type: 1,
    results: { answer_counts: [], is_finalized: false },
  } as APIPoll
}
