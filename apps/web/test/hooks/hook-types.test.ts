import type { APIVoiceState, GatewayMessageCreateDispatchData } from 'discord-api-types/v10'
import { expectTypeOf, test } from 'vitest'
import type {
  ChannelMessages,
  GuildEvent,
  GuildSnapshot,
  Hops,
  Person,
  useEvents,
  useGuild,
  useMessages,
  useUnread,
  useVoice,
  ViewGuild,
  ViewMessage,
  VoiceMember,
} from '../../src/hooks/index.ts'

// What people build on: the type check fails where one of these is another, and so does the build of who relies on it.

test('an event’s name decides the type of its payload', () => {
  expectTypeOf<GuildEvent<'MESSAGE_CREATE'>['payload']>().toEqualTypeOf<GatewayMessageCreateDispatchData>()
  expectTypeOf<GuildEvent<'VOICE_STATE_UPDATE'>['payload']>().toExtend<Omit<APIVoiceState, 'member'>>()
  expectTypeOf<GuildEvent<'MESSAGE_CREATE'>['name']>().toEqualTypeOf<'MESSAGE_CREATE'>()
  expectTypeOf<GuildEvent['replayed']>().toEqualTypeOf<boolean>()
})

test('of several names the payload is told by which it is', () => {
  const told = (event: GuildEvent<'MESSAGE_CREATE' | 'MESSAGE_DELETE'>) =>
    event.name === 'MESSAGE_CREATE' ? event.payload.content : event.payload.id
  expectTypeOf(told).returns.toEqualTypeOf<string>()
  expectTypeOf<GuildEvent<'MESSAGE_CREATE' | 'MESSAGE_DELETE'>['name']>().toEqualTypeOf<
    'MESSAGE_CREATE' | 'MESSAGE_DELETE'
  >()
})

test('the names of useEvents are Discord’s, and need no `as const`', () => {
  const listen = (use: typeof useEvents) =>
    use(['TYPING_START', 'MESSAGE_CREATE'], (event) => {
      expectTypeOf(event.name).toEqualTypeOf<'TYPING_START' | 'MESSAGE_CREATE'>()
    })
  expectTypeOf(listen).returns.toEqualTypeOf<void>()
  // @ts-expect-error there is no such event
  const misspelt = (use: typeof useEvents) => use(['MESAGE_CREATE'], () => {})
  expectTypeOf(misspelt).returns.toEqualTypeOf<void>()
})

test('useGuild gives what was selected', () => {
  const name = (use: typeof useGuild) => use(({ view }) => view.guild)
  expectTypeOf(name).returns.toEqualTypeOf<ViewGuild | null>()
  expectTypeOf<GuildSnapshot['view']['guildId']>().toEqualTypeOf<string>()
})

test('the others give what the README says', () => {
  expectTypeOf<ReturnType<typeof useVoice>>().toEqualTypeOf<readonly VoiceMember[]>()
  expectTypeOf<VoiceMember['person']>().toEqualTypeOf<Person | null>()
  expectTypeOf<Parameters<typeof useVoice>>().toEqualTypeOf<[channelId?: string | undefined]>()
  expectTypeOf<ReturnType<typeof useMessages>>().toEqualTypeOf<ChannelMessages>()
  expectTypeOf<ChannelMessages['messages']>().toEqualTypeOf<readonly ViewMessage[]>()
  expectTypeOf<ChannelMessages['state']>().toEqualTypeOf<'loading' | 'failed' | 'ready'>()
  expectTypeOf<Hops['lateMs']>().toEqualTypeOf<number | null>()
  expectTypeOf<ReturnType<typeof useUnread>>().toEqualTypeOf<{ count: number; mentions: number } | null>()
})
