/** Hooks for a page of one's own: README.md beside this file has an example of each. */
export { createGateway, type Gateway } from '../live/gateway.ts'
export type { Deed, Doing } from '../live/deeds.ts'
export type { Outgoing } from '../live/outbox.ts'
export type { GuildSnapshot } from '../live/guild-store.ts'
export type { NewUpload } from '../live/uploads.ts'
export type { UnreadSum } from '../live/guild-stores.ts'
export type { ViewMessage } from '../live/view/message-list.ts'
export type {
  ChannelRights,
  DeedOutcome,
  Hindrance,
  MemberRights,
  SendOutcome,
  UploadedFile,
  UploadOutcome,
} from '../server/function-results.ts'
export type { GuildView, Person, ViewChannel, ViewGuild, ViewRole, ViewVoice } from '../live/view/view-types.ts'
export { createActingGateway } from './acting-gateway.ts'
export { GatewayProvider, type GatewayProviderProps } from './gateway-provider.tsx'
export { GuildProvider } from './guild-provider.tsx'
export { useCommand, type Commands } from './use-command.ts'
export { useDeeds } from './use-deeds.ts'
export { useEvents, type GuildEvent, type GuildEventName } from './use-events.ts'
export { useGuild } from './use-guild-store.ts'
export { useHops, type Hops } from './use-hops.ts'
export { useMessages, type ChannelMessages } from './use-messages.ts'
export { useChannelRights, useMemberRights } from './use-rights.ts'
export { useUnread } from './use-unread.ts'
export { useVoice, type VoiceMember } from './use-voice.ts'
