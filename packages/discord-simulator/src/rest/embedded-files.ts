import type { APIAttachment, APIEmbed } from 'discord-api-types/v10'

const SCHEME = 'attachment://'

/** The name that is meant by `attachment://name`; undefined for any other URL. */
export const attachedName = (url: string): string | undefined =>
  url.startsWith(SCHEME) ? url.slice(SCHEME.length) : undefined

/** The file that is meant by it. */
export function attachedAt(url: string, attachments: readonly APIAttachment[]): APIAttachment | undefined {
  const name = attachedName(url)
  return name === undefined ? undefined : attachments.find(({ filename }) => filename === name)
}

/**
 * Puts the files of a message where its embeds ask for them, as `attachment://name`. What is shown in an embed is no
 * attachment besides.
 * https://docs.discord.com/developers/reference#editing-message-attachments-using-attachments-within-embeds
 */
export function embedFiles(
  embeds: readonly APIEmbed[],
  attachments: readonly APIAttachment[],
): { embeds: APIEmbed[]; attachments: APIAttachment[] } {
  const shown = new Set<string>()
  const fileOf = (url: string | undefined) => {
    const file = url === undefined ? undefined : attachedAt(url, attachments)
    if (file) shown.add(file.id)
    return file
  }
  const picture = <T extends { url: string }>(said: T): T => {
    const file = fileOf(said.url)
    if (!file) return said
    const { url, proxy_url, width, height } = file
    return { ...said, url, proxy_url, ...(width && height && { width, height }) }
  }
  const icon = <T extends { icon_url?: string }>(said: T): T => {
    const file = fileOf(said.icon_url)
    return file ? { ...said, icon_url: file.url, proxy_icon_url: file.proxy_url } : said
  }
  const filled = embeds.map((embed) => ({
    ...embed,
    ...(embed.image && { image: picture(embed.image) }),
    ...(embed.thumbnail && { thumbnail: picture(embed.thumbnail) }),
    ...(embed.footer && { footer: icon(embed.footer) }),
    ...(embed.author && { author: icon(embed.author) }),
  }))
  return { embeds: filled, attachments: attachments.filter(({ id }) => !shown.has(id)) }
}
