import type { Guild } from '../world/types.ts'
import type { RestContext } from './route.ts'
import { isExtra } from './routes/guilds.ts'

/** https://docs.discord.com/developers/events/gateway-events#guild-update */
export function tellGuild({ emit }: RestContext, guild: Guild, change: object): void {
  const fields = Object.entries(guild).filter(([key]) => !isExtra(key))
  emit({ event: 'GUILD_UPDATE', payload: { ...Object.fromEntries(fields), ...change } })
}

/** The features of a guild with one more, or one less. */
export const featuresWith = ({ features }: Guild, feature: string, isOn: boolean): string[] => [
  ...features.filter((each) => (each as string) !== feature),
  ...(isOn ? [feature] : []),
]
