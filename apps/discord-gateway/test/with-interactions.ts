import { commands } from '@repo/discord-integration/types'
import { z } from 'zod'

// Loaded before a gateway, by `--import`: its table then has a command that answers an interaction, as one entry, with no code.
Object.assign(commands, {
  answer_interaction: {
    summary: 'Answer an interaction.',
    repeatable: 'no',
    guild: null,
    rest: { route: 'POST /interactions/{interaction_id}/{interaction_token}/callback' },
    payload: z.strictObject({ interaction_id: z.string(), interaction_token: z.string(), type: z.int() }),
    result: z.object({ success: z.literal(true) }),
  },
})
