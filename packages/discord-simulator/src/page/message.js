/** @import { ViewedMessage, View } from '../control/view.ts' */
/** @import { APIMessageComponent, APIReaction } from 'discord-api-types/v10' */
/** @import { Guild } from '../world/types.ts' */
/** @import { Page } from './main.js' */
/** @import { Part } from './dom.js' */
import { attribute, element, icon, keyed, onPress, write } from './dom.js'
import { momentOf } from './moments.js'
import { emojiName, face, nameIn, readable } from './names.js'
import { pickEmoji } from './picker.js'
import { simulator } from './simulator.js'

/** @typedef {{ message: ViewedMessage, view: View }} Item */

/** https://docs.discord.com/developers/components/reference#component-object-component-types */
const PRESSABLE = /** @type {ReadonlySet<number>} */ (new Set([2]))

/** What a message says that nobody wrote: https://docs.discord.com/developers/resources/message#message-object-message-types */
const NOTICES = /** @type {Readonly<Record<number, string>>} */ ({
  6: 'pinned a message',
  7: 'joined the server',
  18: 'started a thread:',
})

/** @param {ViewedMessage} message @param {Guild} guild @returns {Node[]} */
function body(message, guild) {
  const answered = message.referenced_message
  const notice = NOTICES[message.type]
  const nodes = []
  if (answered) {
    const whom = `${nameIn(guild, answered.author)}: ${answered.content}`
    nodes.push(
      element(
        'p',
        { class: 'answered small', dir: 'auto' },
        icon('reply', 'in reply to'),
        element('span', { class: 'clip' }, whom),
      ),
    )
  }
  if (notice) nodes.push(element('p', { class: 'said system', dir: 'auto' }, `${notice} ${message.content}`))
  else if (message.content) {
    const edited = message.edited_timestamp ? [element('span', { class: 'small' }, ' (edited)')] : []
    nodes.push(element('p', { class: 'said', dir: 'auto' }, ...readable(guild, message.content), ...edited))
  }
  for (const { title, description, fields = [] } of message.embeds) {
    const lines = fields.map(({ name, value }) =>
      element('p', {}, element('span', { class: 'small' }, `${name} `), value),
    )
    const heading = title ? [element('p', { class: 'strong' }, title)] : []
    nodes.push(
      element('div', { class: 'embed', dir: 'auto' }, ...heading, ...(description ? [description] : []), ...lines),
    )
  }
  for (const { filename } of message.attachments) nodes.push(element('p', { class: 'small' }, `File: ${filename}`))
  return nodes
}

/** The buttons of a message, also those that lie deeper. @param {readonly APIMessageComponent[]} components @returns {APIMessageComponent[]} */
const buttonsOf = (components) =>
  components.flatMap((one) => ('components' in one ? buttonsOf(one.components) : PRESSABLE.has(one.type) ? [one] : []))

/** @param {Page} page @param {ViewedMessage} message @returns {Part<{ reaction: APIReaction, isMine: boolean }>} */
function reactionPart(page, message) {
  const name = element('span', {})
  const count = element('span', { class: 'count' })
  const button = element('button', { class: 'reaction' }, name, count)
  onPress(button, () => {
    const remove = button.getAttribute('aria-pressed') === 'true'
    const emoji = button.dataset['emoji'] ?? ''
    return page.act('Not reacted', () => simulator.react({ ...actor(page, message), emoji, remove }))
  })
  return {
    node: button,
    show: ({ reaction, isMine }) => {
      button.dataset['emoji'] = emojiName(reaction.emoji)
      write(name, reaction.emoji.id ? `:${reaction.emoji.name}:` : (reaction.emoji.name ?? ''))
      write(count, String(reaction.count))
      attribute(button, 'aria-pressed', String(isMine))
    },
  }
}

/** @param {Page} page @param {ViewedMessage} message */
const actor = (page, message) => ({
  user_id: page.view().user_id ?? '',
  channel_id: message.channel_id,
  message_id: message.id,
})

/** What a button of a link may lead to: https://docs.discord.com/developers/components/reference#button */
const SCHEMES = /** @type {ReadonlySet<string>} */ (new Set(['http:', 'https:', 'discord:']))

/** The link of a button that has one, and is no script. @param {APIMessageComponent} component */
const linkOf = (component) =>
  'url' in component && URL.canParse(component.url) && SCHEMES.has(new URL(component.url).protocol) ? component.url : ''

/** What a button says. @param {APIMessageComponent} component */
const labelOf = (component) =>
  String(
    ('label' in component ? component.label : undefined) ?? ('emoji' in component && component.emoji?.name) ?? 'Button',
  )

/** A button that leads elsewhere: the bot does not hear of it. @returns {Part<APIMessageComponent>} */
function linkPart() {
  const link = element('a', { class: 'button', target: '_blank', rel: 'noreferrer' })
  return {
    node: link,
    show: (component) => {
      write(link, labelOf(component))
      attribute(link, 'href', linkOf(component))
    },
  }
}

/** @param {Page} page @param {ViewedMessage} message @returns {Part<APIMessageComponent>} */
function buttonPart(page, message) {
  const button = element('button', { class: 'button' })
  onPress(button, () =>
    page.act('Not pressed', () => simulator.interact({ ...actor(page, message), custom_id: button.dataset['id'] })),
  )
  return {
    node: button,
    show: (component) => {
      write(button, labelOf(component))
      button.dataset['id'] = 'custom_id' in component ? component.custom_id : ''
      button.disabled = !('custom_id' in component) || ('disabled' in component && (component.disabled ?? false))
    },
  }
}

/**
 * One message of the feed.
 * @param {Page} page
 * @param {Item} first
 * @returns {Part<Item>}
 */
export function messagePart(page, { message, view }) {
  const { author } = message
  const name = element('span', { class: 'name clip', dir: 'auto' })
  const time = element('time', { datetime: message.timestamp })
  const by = element(
    'p',
    { class: 'by' },
    name,
    ...(author.bot ? [element('span', { class: 'tag' }, 'bot')] : []),
    time,
  )
  const content = element('div', { class: 'content' })
  const buttons = element('div', { class: 'buttons' })
  const reactions = element('div', { class: 'reactions' })
  const react = element('button', { class: 'button quiet icon low', title: 'React' }, icon('react'))
  const reply = element('button', { class: 'button quiet icon low', title: 'Reply' }, icon('reply'))
  onPress(react, () =>
    pickEmoji(react, (emoji) => page.act('Not reacted', () => simulator.react({ ...actor(page, message), emoji }))),
  )
  onPress(reply, () => page.reply(message))
  const tools = element('div', { class: 'tools' }, react, reply)
  const right = element('div', { class: 'grow' }, tools, by, content, buttons, reactions)
  const node = element('article', { class: 'message' }, face(author.id, author.username, author.bot), right)
  let shown = ''
  return {
    node,
    show: (item) => {
      const { guild } = item.view
      if (!guild) return
      const who = nameIn(guild, author)
      write(name, who)
      write(time, momentOf(message.timestamp))
      attribute(react, 'aria-label', `React to ${who}, ${time.textContent}`)
      attribute(reply, 'aria-label', `Reply to ${who}, ${time.textContent}`)
      const { reactions: reacted = [], reacted: mine, ...rest } = item.message
      // Rebuilt only when it reads differently, so that a selection in it lasts.
      const now = JSON.stringify([rest, guild.members.length])
      if (now !== shown) content.replaceChildren(...body(item.message, guild))
      shown = now
      const pressable = buttonsOf(item.message.components ?? [])
      buttons.hidden = pressable.length === 0
      keyed(
        buttons,
        pressable,
        (one) => ('custom_id' in one && one.custom_id) || JSON.stringify(one),
        (one) => (linkOf(one) ? linkPart() : buttonPart(page, message)),
      )
      reactions.hidden = reacted.length === 0
      keyed(
        reactions,
        reacted.map((reaction) => ({
          reaction,
          isMine: mine.includes(reaction.emoji.id ?? reaction.emoji.name ?? ''),
        })),
        ({ reaction }) => emojiName(reaction.emoji),
        () => reactionPart(page, message),
      )
      node.classList.toggle('by-bot', view.bot.id === author.id)
    },
  }
}
