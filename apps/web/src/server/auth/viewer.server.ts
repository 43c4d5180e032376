import type { WebConfig } from '../config.ts'

/** Who is looking. In the demo, nobody in particular, who may see what the bot sees. */
export type Viewer = { user: { id: string; username: string; avatar: string | null } | null }

/** Null: not signed in. There is no sign-in yet, so outside the demo that is everyone. */
export function viewerOf(_headers: Headers | NodeJS.Dict<string | string[]>, { demo }: WebConfig): Viewer | null {
  return demo ? { user: null } : null
}
