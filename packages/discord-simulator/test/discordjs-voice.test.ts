import { once } from 'node:events'
import { VoiceConnectionStatus, entersState, joinVoiceChannel } from '@discordjs/voice'
import { Client, Events, GatewayIntentBits } from 'discord.js'
import type { VoiceState } from 'discord.js'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'

/** How long @discordjs/voice is waited for. */
const PATIENCE_MS = 4_000

// There is no voice server behind the simulator. What its gateway has to do with voice ends where the library turns to
// the server that it was told of: https://docs.discord.com/developers/topics/voice-connections#retrieving-voice-server-information
test('@discordjs/voice joins, turns to the voice server that it is told of, moves, and leaves', async () => {
  await using simulator = await startSimulator()
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    rest: { api: simulator.apiUrl },
  })
  const ready = once(client, Events.ClientReady)
  await client.login(simulator.botToken)
  await ready
  const guild = client.guilds.cache.find(({ name }) => name === 'Tidewater Makers')!
  const [loft, desk] = ['Loft', 'Workbench'].map((name) => guild.channels.cache.find((each) => each.name === name)!)
  const place = { guildId: guild.id, adapterCreator: guild.voiceAdapterCreator }
  const myState = () => simulator.world.guild(guild.id)!.voice_states.find(({ user_id }) => user_id === client.user!.id)

  const heard = once(client, Events.VoiceStateUpdate) as Promise<[VoiceState, VoiceState]>
  const connection = joinVoiceChannel({ ...place, channelId: loft!.id })
  // It finds, and finds again, that nobody is there.
  connection.on('error', () => {})
  expect(connection.state.status).toBe(VoiceConnectionStatus.Signalling)
  await entersState(connection, VoiceConnectionStatus.Connecting, PATIENCE_MS)
  expect((await heard)[1]).toMatchObject({ channelId: loft!.id, selfDeaf: true })
  expect(myState()).toMatchObject({ channel_id: loft!.id, self_deaf: true })
  const { session_id } = myState()!
  const connectionOptions = { endpoint: 'voice.simulator.invalid:443', sessionId: session_id, serverId: guild.id }
  expect(connection.state).toMatchObject({ networking: { state: { connectionOptions } } })

  const moved = once(client, Events.VoiceStateUpdate) as Promise<[VoiceState, VoiceState]>
  connection.rejoin({ channelId: desk!.id, selfDeaf: false, selfMute: true })
  expect((await moved)[1]).toMatchObject({ channelId: desk!.id, selfDeaf: false, selfMute: true })

  const left = once(client, Events.VoiceStateUpdate) as Promise<[VoiceState, VoiceState]>
  connection.destroy()
  expect((await left)[1].channelId).toBeNull()
  expect(myState()).toBeUndefined()
  await client.destroy()
})
