import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { howToSignIn, requireContext, whoIs } from './function-context.server.ts'
import * as deeds from './deeds.server.ts'
import {
  ChannelInput,
  ChannelMessagesInput,
  DeafenMemberInput,
  DeleteMessageInput,
  EditMessageInput,
  GuildInput,
  input,
  MemberInput,
  MoveMemberInput,
  MuteMemberInput,
  ReactionInput,
  SendMessageInput,
  TimeoutMemberInput,
} from './function-inputs.ts'
import type {
  ChannelRights,
  DeedOutcome,
  GuildSummary,
  Identity,
  MemberRights,
  SendOutcome,
  SignInOptions,
} from './function-results.ts'
import * as server from './functions.server.ts'
import * as rights from './rights.server.ts'
import * as withheld from './withheld.server.ts'

export type {
  ChannelRights,
  DeedOutcome,
  DemoPerson,
  Failure,
  GuildSummary,
  Hindrance,
  Identity,
  MemberRights,
  SendOutcome,
  SignInOptions,
} from './function-results.ts'

/** Every function but the first two is for those who are signed in; others get `UNAUTHORIZED`. */
const signedIn = createMiddleware({ type: 'function' }).server(async ({ next }) =>
  next({ context: await requireContext(getRequest().headers) }),
)

export const whoAmI = createServerFn({ method: 'GET' }).handler((): Promise<Identity> => whoIs(getRequest().headers))

/** What a page shows to somebody who is not signed in. */
export const signInOptions = createServerFn({ method: 'GET' }).handler((): SignInOptions => howToSignIn())

/** The guilds that the viewer may see, by name. */
export const listGuilds = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .handler(({ context }): Promise<GuildSummary[]> => server.listGuilds(context))

/** A channel's or thread's messages, newest first, as Discord has them. */
export const getChannelMessages = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .validator(input(ChannelMessagesInput))
  .handler(({ context, data }) => server.getChannelMessages(context, data))

/** Has the bot write a message. It comes back over the stream as an event like any other. */
export const sendMessage = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(SendMessageInput))
  .handler(({ context, data }): Promise<SendOutcome> => server.sendMessage(context, data))

/** Changes a message that the bot wrote for whoever asks. */
export const editMessage = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(EditMessageInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.editMessage(context, data))

/** Deletes a message: one's own, or as somebody who may manage messages. */
export const deleteMessage = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(DeleteMessageInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.deleteMessage(context, data))

/** Has the bot react: the reaction is the bot's. */
export const addReaction = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(ReactionInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.addReaction(context, data))

/** Takes back a reaction that the bot made for whoever asks. */
export const removeReaction = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(ReactionInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.removeReaction(context, data))

/** Moves a member to another voice channel, or out of voice. */
export const moveMember = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(MoveMemberInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.moveMember(context, data))

/** Mutes a member in voice for everybody, or no longer. */
export const muteMember = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(MuteMemberInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.muteMember(context, data))

/** Has a member hear nobody in voice, or hear again. */
export const deafenMember = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(DeafenMemberInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.deafenMember(context, data))

/** Keeps a member from writing and speaking until a moment, or no longer. */
export const timeoutMember = createServerFn({ method: 'POST' })
  .middleware([signedIn])
  .validator(input(TimeoutMemberInput))
  .handler(({ context, data }): Promise<DeedOutcome> => deeds.timeoutMember(context, data))

/** What whoever asks may do in a channel, and why not. */
export const mayDo = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .validator(input(ChannelInput))
  .handler(({ context, data }): Promise<ChannelRights> => rights.channelRights(context, data))

/** What whoever asks may do to a member, and why not. */
export const mayDoTo = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .validator(input(MemberInput))
  .handler(({ context, data }): Promise<MemberRights> => rights.memberRights(context, data))

/** Events that whoever asks is never shown, for want of a permission. */
export const withheldEvents = createServerFn({ method: 'GET' })
  .middleware([signedIn])
  .validator(input(GuildInput))
  .handler(({ context, data }): Promise<string[]> => withheld.withheldEvents(context, data))
