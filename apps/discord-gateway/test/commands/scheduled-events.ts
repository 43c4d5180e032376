import { GuildScheduledEventStatus } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

const DAY_MS = 86_400_000
const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

export function eventsCases({ simulator, guild, rest, channel, member }: Scene): TopicCases<'events'> {
  const events = () => guild.guild_scheduled_events
  const eventOf = (eventId: string) => events().find(({ id }) => id === eventId)
  const of = (guild_scheduled_event_id: string) => ({ guild_id: guild.id, guild_scheduled_event_id })
  const unknown = of(nobody)
  const elsewhere = () =>
    ({
      name: 'Open workshop',
      privacy_level: 2,
      entity_type: 3,
      entity_metadata: { location: 'Harbour street 4' },
      scheduled_start_time: at(1),
      scheduled_end_time: at(2),
    }) as const
  const onStage = () =>
    ({ ...elsewhere(), entity_type: 1, entity_metadata: null, channel_id: channel('Friday demo') }) as const
  const planned = async (event: object = elsewhere()) => {
    const { id } = await rest('POST', `/guilds/${guild.id}/scheduled-events`, event)
    return of(String(id))
  }
  const othersEvent = async () => {
    const event = await planned()
    const creator_id = member('brackish')
    const made = eventOf(event.guild_scheduled_event_id)
    simulator.dispatch('GUILD_SCHEDULED_EVENT_UPDATE', { ...made, creator_id, creator: { id: creator_id } })
    return event
  }
  return {
    list_scheduled_events: {
      payload: async () => {
        await planned()
        return { guild_id: guild.id, with_user_count: true }
      },
      done: ({ events: listed }) => {
        expect(listed.map(({ id }: { id: string }) => id)).toEqual(events().map(({ id }) => id))
        expect(listed[0]).toMatchObject({ user_count: expect.any(Number) })
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, with_user_count: 'yes' }),
      },
    },
    get_scheduled_event: {
      payload: () => planned(),
      done: ({ event }, { guild_scheduled_event_id: id }) => expect(event).toMatchObject({ id, name: 'Open workshop' }),
      refused: {
        UNKNOWN_GUILD_SCHEDULED_EVENT: () => unknown,
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    create_scheduled_event: {
      payload: () => ({ guild_id: guild.id, ...elsewhere(), description: 'Bring clay', reason: 'a test' }),
      done: ({ event }, { name, description, entity_metadata }) => {
        expect(event).toMatchObject({ name, description, entity_metadata })
        expect(eventOf(event.id)).toMatchObject({ name, description, entity_metadata })
      },
      needing: { 'on a stage': () => ({ guild_id: guild.id, ...onStage() }) },
      refused: {
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ guild_id: guild.id, ...elsewhere(), scheduled_start_time: at(-1) }),
        UNKNOWN_CHANNEL: () => ({ guild_id: guild.id, ...elsewhere(), entity_type: 2, channel_id: nobody }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({
          guild_id: guild.id,
          ...elsewhere(),
          entity_type: 2,
          channel_id: channel('Friday demo'),
        }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, ...elsewhere(), privacy_level: 1 }),
      },
    },
    edit_scheduled_event: {
      payload: async () => ({
        ...(await planned()),
        name: 'Closed workshop',
        status: GuildScheduledEventStatus.Active,
        reason: 'a test',
      }),
      done: ({ event }, { guild_scheduled_event_id: id, name, status }) => {
        expect(event).toMatchObject({ id, name, status })
        expect(eventOf(id)).toMatchObject({ name, status })
      },
      needing: {
        'of one that it made': async () => ({ ...(await planned()), name: 'Closed workshop' }),
        'of one that it did not make': async () => ({ ...(await othersEvent()), name: 'Closed workshop' }),
        'on a stage': async () => ({ ...(await planned(onStage())), name: 'Closed workshop' }),
      },
      refused: {
        UNKNOWN_GUILD_SCHEDULED_EVENT: () => ({ ...unknown, name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: async () => ({ ...(await planned()), scheduled_start_time: at(-1) }),
        CANNOT_UPDATE_A_FINISHED_EVENT: async () => {
          const event = await planned()
          const path = `/guilds/${guild.id}/scheduled-events/${event.guild_scheduled_event_id}`
          await rest('PATCH', path, { status: GuildScheduledEventStatus.Canceled })
          return { ...event, name: 'x' }
        },
        INVALID_PAYLOAD: () => ({ ...unknown, name: '' }),
      },
    },
    delete_scheduled_event: {
      payload: async () => ({ ...(await planned()), reason: 'a test' }),
      done: (_data, { guild_scheduled_event_id: id }) => expect(eventOf(id)).toBeUndefined(),
      needing: {
        'of one that it made': () => planned(),
        'of one that it did not make': othersEvent,
        'on a stage': () => planned(onStage()),
      },
      refused: {
        UNKNOWN_GUILD_SCHEDULED_EVENT: () => unknown,
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    list_event_users: {
      payload: async () => {
        const event = await planned()
        simulator.people.follow(member('brackish'), event.guild_scheduled_event_id)
        return { ...event, limit: 5, with_member: true }
      },
      done: ({ users }) => {
        const user = { id: member('brackish') }
        expect(users).toMatchObject([{ user, member: { user } }])
      },
      refused: {
        UNKNOWN_GUILD_SCHEDULED_EVENT: () => unknown,
        INVALID_PAYLOAD: () => ({ ...unknown, limit: 101 }),
      },
    },
  }
}
