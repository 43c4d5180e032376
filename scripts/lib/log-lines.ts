import { styleText } from 'node:util'
import { prettyFactory } from 'pino-pretty'

const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const

/** Writes the lines of several processes as one stream, each with its process's name before it. */
export function createLogLines(names: readonly string[], out: NodeJS.WriteStream) {
  const width = Math.max(...names.map((name) => name.length))
  const colorize = out.isTTY && !process.env['NO_COLOR']
  const pretty = prettyFactory({
    colorize,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  })

  function prefix(name: string): string {
    const colour = COLOURS[names.indexOf(name) % COLOURS.length] ?? 'cyan'
    const padded = name.padEnd(width)
    return colorize ? styleText(colour, padded) : padded
  }

  return {
    write(name: string, line: string): void {
      // A line of pino's is an object; whatever else a process prints passes as it is.
      const text = line.startsWith('{"level":') ? pretty(line).trimEnd() : line
      for (const part of text.split('\n')) out.write(`${prefix(name)} │ ${part}\n`)
    },
  }
}
