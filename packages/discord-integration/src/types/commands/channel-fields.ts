import { z } from 'zod'
import { textSchema } from '../text.ts'

export const ChannelNameSchema = textSchema(1, 100)

/** How many seconds somebody waits between two messages; 0 for no time. */
export const SlowmodeSchema = z.int().min(0).max(21_600)

/** After how many minutes without a message a thread is archived. */
export const AutoArchiveSchema = z.literal([60, 1_440, 4_320, 10_080])

export const ChannelFlagsSchema = z.int().min(0).max(0x7f_ff_ff_ff).meta({
  title: 'channel flags, as a number',
  description: 'https://docs.discord.com/developers/resources/channel#channel-object-channel-flags',
})
