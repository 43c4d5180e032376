import { z } from 'zod'
import { maybe } from '../form.ts'

/*
 * What other services' webhooks say, as messages of Discord's.
 * https://docs.discord.com/developers/resources/webhook#execute-slackcompatible-webhook
 */

const words = maybe(z.string())

const slackBody = z.looseObject({
  text: words,
  username: words,
  icon_url: words,
  attachments: maybe(
    z.array(
      z.looseObject({
        title: words,
        title_link: words,
        text: words,
        pretext: words,
        color: words,
        footer: words,
        footer_icon: words,
        author_name: words,
        author_link: words,
        author_icon: words,
        image_url: words,
        thumb_url: words,
        ts: maybe(z.number()),
        fields: maybe(z.array(z.looseObject({ title: words, value: words, short: maybe(z.boolean()) }))),
      }),
    ),
  ),
})

type Attachment = NonNullable<z.infer<typeof slackBody>['attachments']>[number]

/** Slack writes links as `<url|label>`. */
const linked = (text: string | undefined) => text?.replaceAll(/<(https?:[^|>]+)\|([^>]+)>/g, '[$2]($1)')

const momentOf = (seconds: number) => {
  const moment = new Date(seconds * 1_000)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}

const embedFrom = (one: Attachment): object => ({
  title: one.title,
  url: one.title_link,
  description: linked([one.pretext, one.text].filter(Boolean).join('\n')) || undefined,
  ...(/^#[0-9a-f]{6}$/i.test(one.color ?? '') && { color: Number.parseInt(one.color?.slice(1) ?? '', 16) }),
  ...(one.footer && { footer: { text: one.footer, icon_url: one.footer_icon } }),
  ...(one.author_name && { author: { name: one.author_name, url: one.author_link, icon_url: one.author_icon } }),
  ...(one.image_url && { image: { url: one.image_url } }),
  ...(one.thumb_url && { thumbnail: { url: one.thumb_url } }),
  ...(one.ts !== undefined && { timestamp: momentOf(one.ts) }),
  ...(one.fields && {
    fields: one.fields.map(({ title = '', value = '', short }) => ({
      name: title,
      value: linked(value),
      inline: short,
    })),
  }),
})

/** A message of Slack's. */
export const fromSlack = {
  shape: slackBody,
  message: ({ text, username, icon_url, attachments }: z.infer<typeof slackBody>): object => ({
    content: linked(text),
    username,
    avatar_url: icon_url,
    ...(attachments && { embeds: attachments.map(embedFrom) }),
  }),
} as const

const person = z.looseObject({ login: z.string(), html_url: words, avatar_url: words })
const subject = maybe(z.looseObject({ number: maybe(z.int()), title: words, html_url: words, body: words }))

const githubBody = z.looseObject({
  sender: person,
  action: words,
  ref: words,
  compare: words,
  repository: maybe(z.looseObject({ full_name: words, html_url: words })),
  issue: subject,
  pull_request: subject,
  comment: maybe(z.looseObject({ body: words, html_url: words })),
  commits: maybe(z.array(z.looseObject({ id: z.string(), message: z.string(), url: words }))),
})
type Github = z.infer<typeof githubBody>

function eventOf({ action = '', ref = '', compare, issue, pull_request, comment, commits }: Github) {
  const about = pull_request ?? issue
  if (commits) {
    const lines = commits.map(({ id, message, url }) => {
      const short = `\`${id.slice(0, 7)}\``
      return `${url === undefined ? short : `[${short}](${url})`} ${message.split('\n')[0]}`
    })
    const branch = ref.replace('refs/heads/', '')
    return {
      what: `${branch} ${commits.length} new commit${commits.length === 1 ? '' : 's'}`,
      url: compare,
      text: lines.join('\n'),
    }
  }
  if (!about) return undefined
  const noun = pull_request ? 'Pull request' : 'Issue'
  const did = comment ? `New comment on ${noun.toLowerCase()}` : `${noun} ${action}:`
  return {
    what: `${did} #${about.number} ${about.title}`,
    url: (comment ?? about).html_url,
    text: (comment ?? about).body,
  }
}

/** An event of GitHub's; undefined for what Discord passes over. */
export const fromGithub = {
  shape: githubBody,
  message: (body: Github): object | undefined => {
    const event = eventOf(body)
    if (!event) return undefined
    const { sender, repository } = body
    const author = { name: sender.login, url: sender.html_url, icon_url: sender.avatar_url }
    const title = `[${repository?.full_name ?? 'repository'}] ${event.what}`.slice(0, 256)
    const text = event.text?.slice(0, 500)
    return { username: 'GitHub', embeds: [{ title, url: event.url, description: text || undefined, author }] }
  },
} as const
