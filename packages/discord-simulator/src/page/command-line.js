/** @typedef {{ name: string, data: string }} SentFile what is sent along, in base64 */
/** @typedef {{ name: string, value?: string | number | boolean, file?: SentFile, options?: Option[] }} Option */
/** @typedef {{ name: string, type: number, required?: boolean | undefined, options?: readonly Known[] | undefined }} Known */
/** @typedef {{ name: string, type?: number, options?: readonly Known[] | undefined }} Command what is looked at of one */

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const SUBCOMMAND = 1
const GROUP = 2
const INTEGER = 4
const BOOLEAN = 5
const NUMBER = 10
const ATTACHMENT = 11

/** Those that are typed: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types */
const CHAT_INPUT = 1

/** @param {Pick<Command, 'type'>} command */
export const isTyped = ({ type = CHAT_INPUT }) => type === CHAT_INPUT

/** A line that is a command, and cannot be run. */
export class NotRunnable extends Error {}

/** @param {number} type @param {string} text */
function valueOf(type, text) {
  if (type === BOOLEAN) return /^(true|yes|1)$/i.test(text)
  if (type !== INTEGER && type !== NUMBER) return text
  const number = Number(text)
  if (Number.isNaN(number)) throw new NotRunnable(`${text} is no number.`)
  return number
}

/** @param {string} text */
const literally = (text) => text.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`)

/**
 * @param {string} rest what follows the command's name
 * @param {readonly Known[]} known
 * @param {(type: number, text: string) => string} resolve
 * @param {SentFile[]} files those that are left
 * @returns {Option[]}
 */
function optionsOf(rest, known, resolve, files) {
  const deeper = known.filter(({ type }) => type === SUBCOMMAND || type === GROUP)
  if (deeper.length > 0) {
    const [word = ''] = rest.split(/\s/, 1)
    const found = deeper.find(({ name }) => name === word)
    if (!found) throw new NotRunnable(`One of these is to follow: ${deeper.map(({ name }) => name).join(', ')}.`)
    return [{ name: word, options: optionsOf(rest.slice(word.length).trim(), found.options ?? [], resolve, files) }]
  }
  const names = known.map(({ name }) => literally(name)).join('|')
  const [stray = '', ...pieces] = names ? rest.split(new RegExp(String.raw`(?:^|\s+)(${names}):`, 'u')) : [rest]
  if (stray.trim()) throw new NotRunnable(`${stray.trim()} is none of its options. They are written name:value.`)
  /** @type {Option[]} */
  const given = []
  for (let at = 0; at < pieces.length; at += 2) {
    const option = known.find(({ name }) => name === pieces[at])
    const text = (pieces[at + 1] ?? '').trim()
    if (option?.type === ATTACHMENT) {
      const file = files.shift()
      if (!file) throw new NotRunnable(`${option.name} is a file: choose one beside the line.`)
      given.push({ name: option.name, file })
      continue
    }
    // One that is named and not filled in is not given.
    if (option && text) given.push({ name: option.name, value: valueOf(option.type, resolve(option.type, text)) })
  }
  const missing = known.find(({ name, required }) => required && !given.some((option) => option.name === name))
  if (missing) throw new NotRunnable(`It needs ${missing.name}:`)
  return given
}

/** How a command begins; `/etc/passwd` is none: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const COMMAND = /^\/([-_'\p{L}\p{N}]+)(?:\s+(.*))?$/su

/** @param {string} line @param {readonly Command[]} commands */
function commandOf(line, commands) {
  const [, name, rest = ''] = COMMAND.exec(line.trim()) ?? []
  return { name, rest, command: commands.find((one) => one.name === name && isTyped(one)) }
}

/**
 * Reads `/fire kiln:old hours:3`. Undefined for what is something to say.
 * Throws {@link NotRunnable} for a command that there is not, or that cannot be run so.
 * @param {string} line
 * @param {readonly Command[]} commands
 * @param {(type: number, text: string) => string} [resolve] gives the id of a `@name` or `#name`
 * @param {readonly SentFile[]} [files] for the options that take one, in the order of the line
 * @returns {{ command: string, options: Option[] } | undefined}
 */
export function readCommand(line, commands, resolve = (_type, text) => text, files = []) {
  const { name, rest, command } = commandOf(line, commands)
  if (name === undefined) return undefined
  if (!command) {
    throw new NotRunnable(`They are offered no command /${name} here. To say it as it is, begin with two slashes.`)
  }
  const left = [...files]
  const options = optionsOf(rest, command.options ?? [], resolve, left)
  if (left[0]) throw new NotRunnable(`${left[0].name} is for no option of the line.`)
  return { command: command.name, options }
}

/** What is said by a line that is no command: of two slashes at its beginning, one. @param {string} line */
export const saidBy = (line) => line.replace(/^\s*\/(?=\/)/, '')

/**
 * Whether a line is a command that takes files.
 * @param {string} line
 * @param {readonly Command[]} commands
 */
export function takesFiles(line, commands) {
  /** @param {readonly Known[]} options @returns {boolean} */
  const has = (options) => options.some(({ type, options: inner = [] }) => type === ATTACHMENT || has(inner))
  return has(commandOf(line, commands).command?.options ?? [])
}

/**
 * How a command is begun: with its required options, to be filled in.
 * @param {Command} command
 */
export function beginningOf({ name, options = [] }) {
  const words = [`/${name}`]
  let level = options
  for (let first = level[0]; first?.type === SUBCOMMAND || first?.type === GROUP; first = level[0]) {
    words.push(first.name)
    level = first.options ?? []
  }
  return [...words, ...level.filter(({ required }) => required).map((option) => `${option.name}:`)].join(' ')
}
