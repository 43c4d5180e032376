/** Events whose payload is the guild itself. */
const GUILD_ITSELF: ReadonlySet<string> = new Set(['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE'])

/** The guild that a dispatch concerns, from its parsed payload; null for one without a guild (a direct message, READY). */
export function guildIdOf(event: string, payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null) return null
  const fields: { id?: unknown; guild_id?: unknown } = payload
  const id = GUILD_ITSELF.has(event) ? fields.id : fields.guild_id
  return typeof id === 'string' ? id : null
}
