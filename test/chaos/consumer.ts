import type { Simulator } from '@repo/discord-simulator'
import { Account } from './account.ts'
import type { GuildLoad } from './load.ts'
import { Voice } from './voice.ts'
import { Witness } from './witness.ts'

/** Somebody who is told of one guild, and what it was told. */
export class Consumer {
  readonly name: string
  readonly guild: GuildLoad
  readonly account: Account
  readonly witness: Witness
  /** Between Discord's sending an event and this one's hearing of it, at most; in ms. */
  longestDelayMs = 0
  /** How many streams or connections it was told by. */
  opened = 0

  /** @param isPage it is told of the guild what it may see: see `toldByGuild`. */
  constructor(name: string, guild: GuildLoad, { isPage }: { isPage: boolean }) {
    this.name = name
    this.guild = guild
    const toldByGuild = isPage ? guild.leaves : new Set<number>()
    this.account = new Account({ toldAnybody: guild.toldAnybody, happened: guild, toldByGuild })
    this.witness = new Witness(this.account, (n, receivedAt) => {
      // What was told before is an error of another kind.
      if (n !== this.account.last) return
      if (receivedAt !== null) guild.receivedAt.set(n, receivedAt)
      this.longestDelayMs = Math.max(this.longestDelayMs, performance.now() - (guild.sentAt[n] ?? 0))
    })
  }

  /** It has been told the last event. */
  get caughtUp(): boolean {
    return this.account.last === this.guild.sent
  }

  /** What it was told that it should not have been, and what it was not. */
  problems(simulator: Simulator): string[] {
    const { account, name, guild } = this
    const { hidden, owed, unsettled, wrongs } = account
    const world = new Voice()
    world.take('GUILD_CREATE', { ...simulator.world.guild(guild.id) })
    const isSame = world.lines.join() === this.witness.voice.lines.join()
    return [
      ...wrongs.map(({ wrong, detail }) => `${name}: ${wrong}: ${detail}`),
      ...(hidden > 0 ? [`${name}: a gap hides ${hidden} events that others were told`] : []),
      ...(unsettled.length > 0
        ? [`${name}: of ${unsettled.length} messages of holes nobody said a word, ${unsettled[0]} is the first`]
        : []),
      ...(owed.length > 0 ? [`${name}: was neither told ${owed.join()}, nor the guild that tells them`] : []),
      ...(this.caughtUp ? [] : [`${name}: stands at ${account.last}`]),
      ...(isSame ? [] : [`${name}: its voice states are not Discord's`]),
    ]
  }

  /** Nothing may be announced but holes at Discord, each for one of so many sessions that Discord was told to forget. */
  unjustified(deaths: number): string[] {
    const { announced, gaps } = this.account
    return Array.from(announced, ([what, times]) => ({ what, times }))
      .filter(({ what }) => what !== 'snapshot fresh' && !(what === 'gap upstream' && gaps <= deaths))
      .map(({ what, times }) => `${this.name}: was told ${what} ${times} times, where ${deaths} sessions died`)
  }
}
