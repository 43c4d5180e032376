import { EmbedType } from 'discord-api-types/v10'
import type { APIEmbed } from 'discord-api-types/v10'

const degrees = (value: number) => `${Math.round(value).toLocaleString('en-US')} °C`

/** What the bot posts about a kiln. */
export function kilnReport(kiln: string, now: number, target: number, ramp: number, ends: string): APIEmbed {
  return {
    type: EmbedType.Rich,
    title: kiln,
    color: 0xa85b0f,
    fields: [
      { name: 'Now', value: degrees(now), inline: true },
      { name: 'Target', value: degrees(target), inline: true },
      { name: 'Ramp', value: `${Math.round(ramp)} °C/h`, inline: true },
      { name: 'Ends', value: ends, inline: true },
    ],
  }
}
