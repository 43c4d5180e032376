import { BOT, DEFAULT_CLIENT_SECRET, PEOPLE, STRANGER } from '@repo/discord-simulator'

/** Whom the demo's sign-in page offers: an owner, a moderator, a member of two servers, and somebody who is in none. */
const OFFERED = [PEOPLE.tessellate, PEOPLE.brackish, PEOPLE.umberfox, STRANGER]

/** What web is told so that the people of a simulated Discord can sign in. */
export function demoSignIn(simulatorUrl: string): Record<string, string> {
  return {
    DISCORD_API_URL: `${simulatorUrl}/api`,
    DISCORD_AUTHORIZE_URL: `${simulatorUrl}/oauth2/authorize`,
    DISCORD_CLIENT_ID: BOT.id,
    DISCORD_CLIENT_SECRET: DEFAULT_CLIENT_SECRET,
    DEMO_PEOPLE: OFFERED.map(({ id, username }) => `${id}:${username}`).join(','),
  }
}
