/** What a worker that holds a hub is called: by it the tabs of one person find it, and it knows whose it is. */
export const hubName = (viewer: string | null, generation: number): string =>
  `events of ${viewer ?? 'nobody'}, ${generation}`

export const viewerOfHub = (name: string): string | null => /^events of (\d+), /.exec(name)?.[1] ?? null
