import { commands, isCommandName } from '@repo/discord-integration/types'

/** Whether a command reaches nothing but the gateway itself, as `get_status`: it is asked often, and is nobody's deed. */
export function isAboutItself(name: string): boolean {
  return isCommandName(name) && commands[name].method.startsWith('gateway.')
}
