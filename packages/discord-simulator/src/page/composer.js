/** @import { ViewedMessage, View } from '../control/view.ts' */
/** @import { Page } from './main.js' */
import { NotRunnable, beginningOf, isTyped, readCommand, saidBy, takesFiles } from './command-line.js'
import { attribute, byId, element, keyed, onPress, write } from './dom.js'
import { memberOf, nameIn, nameOf, placeOf } from './names.js'
import { refuse } from './notice.js'
import { simulator } from './simulator.js'

/** How long Discord shows that somebody types: https://docs.discord.com/developers/resources/channel#trigger-typing-indicator */
const TYPING_MS = 10_000

/** A file as it is sent along. @param {File} file */
async function sentAlong(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { name: file.name, data: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) }
}

/** Where somebody's words are written. @param {Page} page */
export function createComposer(page) {
  const form = byId('composer', HTMLFormElement)
  const text = byId('text', HTMLTextAreaElement)
  const label = byId('text-label', HTMLElement)
  const hint = byId('hint', HTMLElement)
  const replying = byId('replying', HTMLElement)
  const list = byId('commands', HTMLElement)
  const along = byId('along', HTMLElement)
  const files = byId('files', HTMLInputElement)
  /** @type {ViewedMessage | null} */
  let answered = null
  /** What the hint says when nothing else is to be said. */
  let said = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing

  /** @param {ViewedMessage | null} message */
  const reply = (message) => {
    answered = message
    replying.hidden = !message
    const { guild } = page.view()
    if (message && guild)
      write(byId('replying-to', HTMLElement), `Reply to ${nameIn(guild, message.author)}: ${message.content}`)
    text.focus()
  }

  /** Files can be chosen for a command that takes some. */
  const offerFiles = () => {
    along.hidden = !takesFiles(text.value, page.view().commands)
    if (along.hidden) files.value = ''
  }

  /** Gives the id of whoever, or whatever, a line calls by name. @param {number} type @param {string} name */
  const resolve = (type, name) => {
    const { guild } = page.view()
    const plain = name.replace(/^[@#]/, '')
    const person = guild?.members.find((member) => member.user.username === plain || nameOf(member) === plain)
    if (type === 6) return person?.user.id ?? plain
    if (type === 7) return guild?.channels.find((channel) => channel.name === plain)?.id ?? plain
    if (type === 8) return guild?.roles.find((role) => role.name === plain)?.id ?? plain
    return name
  }

  const send = async () => {
    const { user_id, channel_id, commands } = page.view()
    const place = { user_id: user_id ?? '', channel_id: channel_id ?? '' }
    const content = text.value
    if (!content.trim()) return text.focus()
    let command
    try {
      command = readCommand(content, commands, resolve, await Promise.all(Array.from(files.files ?? [], sentAlong)))
    } catch (error) {
      if (!(error instanceof NotRunnable)) throw error
      return refuse('Not run', error.message)
    }
    const reply_to = answered?.channel_id === channel_id ? answered.id : undefined
    const isDone = command
      ? await page.act('Not run', () => simulator.interact({ ...place, ...command }))
      : await page.act('Not sent', () =>
          simulator.speak({ ...place, content: saidBy(content), ...(reply_to && { reply_to }) }),
        )
    // What was typed meanwhile stays.
    if (isDone && text.value === content) text.value = ''
    if (!isDone) return
    offerFiles()
    reply(null)
    clearTimeout(typing)
    write(hint, command ? `/${command.command} was given to the bot. It has three seconds to answer.` : said)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send()
  })
  text.addEventListener('input', offerFiles)
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && answered) reply(null)
    // Enter that ends a word of an input method is not for us.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  onPress(byId('no-reply', HTMLButtonElement), () => reply(null))
  onPress(byId('typing', HTMLButtonElement), () =>
    page.act('Not typing', async () => {
      const { user_id, channel_id, guild } = page.view()
      await simulator.type({ user_id: user_id ?? '', channel_id: channel_id ?? '' })
      const me = guild && memberOf(guild, user_id)
      write(hint, `${me ? nameOf(me) : 'Somebody'} is typing: the bot was told.`)
      clearTimeout(typing)
      typing = setTimeout(() => write(hint, said), TYPING_MS)
    }),
  )

  /** @param {View} view */
  const show = ({ guild, user_id, channel_id, access, commands }) => {
    const place = guild && placeOf(guild, channel_id)
    const me = guild && memberOf(guild, user_id)
    form.hidden = !place
    if (!place || !me) return
    const may = access[place.id]
    const who = nameOf(me)
    write(label, `Message ${place.name} as ${who}`)
    attribute(text, 'placeholder', `Message ${place.name}`)
    const now = !may?.view
      ? `${who} cannot view this channel.`
      : may.write
        ? `Spoken by ${who}. What the bot may view, it hears.`
        : `${who} may read here, not write.`
    // What was said of what somebody did stays until there is something else to say.
    if (now !== said) write(hint, now)
    said = now
    const typed = commands.filter(isTyped)
    list.hidden = typed.length === 0
    keyed(
      list,
      typed,
      ({ id }) => id,
      (command) => {
        const node = element('button', { class: 'button low', type: 'button' }, `/${command.name}`)
        onPress(node, () => {
          text.value = beginningOf(command)
          offerFiles()
          text.focus()
        })
        return { node, show: () => {} }
      },
    )
  }
  return { show, reply }
}
