import { ownApplication } from '../access.ts'
import { checkCount, commandFrom, readCommand, readCommands, unlocalized } from '../commands/command-body.ts'
import { refusal } from '../errors.ts'
import type { Command } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const isSame = (a: Pick<Command, 'name' | 'type'>, b: Pick<Command, 'name' | 'type'>) =>
  a.name === b.name && a.type === b.type

/** The same for the commands of every guild and for those of one. */
function commandRoutes(path: string): Route[] {
  const scope = ({ world, records }: RestContext, request: RestRequest) => {
    ownApplication(world, param(request, 'application_id'))
    const guildId = request.params['guild_id'] ?? ''
    if (guildId && !world.guild(guildId)) throw refusal.missingAccess()
    const keep = (commands: readonly Command[]) => {
      checkCount(commands)
      records.commands.set(guildId, commands)
    }
    return { guildId, list: records.commands.get(guildId) ?? [], keep }
  }
  const one = (context: RestContext, request: RestRequest) => {
    const found = scope(context, request)
    const command = found.list.find(({ id }) => id === param(request, 'command_id'))
    if (!command) throw refusal.unknownCommand()
    return { ...found, command }
  }
  return [
    {
      method: 'GET',
      path,
      handle: (context, request) => {
        const { list } = scope(context, request)
        return ok(request.query.get('with_localizations') === 'true' ? list : list.map(unlocalized))
      },
    },
    {
      method: 'PUT',
      path,
      handle: (context, request) => {
        const { guildId, list, keep } = scope(context, request)
        const made = readCommands(request.body ?? []).map((body) => {
          const id = list.find((command) => isSame(command, body))?.id ?? context.world.nextId()
          return commandFrom(context.world, body, guildId, id)
        })
        keep(made)
        return ok(made)
      },
    },
    {
      method: 'POST',
      path,
      handle: (context, request) => {
        const { guildId, list, keep } = scope(context, request)
        const body = readCommand(request.body ?? {})
        // One of the same name and type is replaced.
        const before = list.find((command) => isSame(command, body))
        const command = commandFrom(context.world, body, guildId, before?.id ?? context.world.nextId())
        keep([...list.filter(({ id }) => id !== command.id), command])
        return { status: before ? 200 : 201, body: command }
      },
    },
    { method: 'GET', path: `${path}/:command_id`, handle: (context, request) => ok(one(context, request).command) },
    {
      method: 'PATCH',
      path: `${path}/:command_id`,
      handle: (context, request) => {
        const { guildId, list, command, keep } = one(context, request)
        const said = request.body instanceof Object ? request.body : {}
        const next = commandFrom(
          context.world,
          readCommand(Object.assign({}, command, said, { type: command.type })),
          guildId,
          command.id,
        )
        if (list.some((other) => other.id !== next.id && isSame(other, next))) {
          const message = 'Application command names must be unique'
          throw refusal.invalidForm([{ path: ['name'], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message }])
        }
        keep(list.map((each) => (each.id === next.id ? next : each)))
        return ok(next)
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:command_id`,
      handle: (context, request) => {
        const { list, command, keep } = one(context, request)
        keep(list.filter(({ id }) => id !== command.id))
        return none()
      },
    },
  ]
}

/** https://docs.discord.com/developers/interactions/application-commands#endpoints */
export const commandsRoutes: readonly Route[] = [
  ...commandRoutes('/applications/:application_id/commands'),
  ...commandRoutes('/applications/:application_id/guilds/:guild_id/commands'),
]
