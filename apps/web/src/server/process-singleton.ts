const registry = Symbol.for('@repo/web process singletons')

type Global = typeof globalThis & { [registry]?: Map<string, unknown> }

/**
 * What there must be one of in a process however often its module is evaluated: a development server evaluates anew what
 * was edited, and a second link or a second set of streams would go unnoticed.
 *
 * The first evaluation's object stays: an edit of its class takes effect when the development server is restarted.
 */
export function processSingleton<T>(name: string, make: () => T): T {
  const singletons = ((globalThis as Global)[registry] ??= new Map())
  if (!singletons.has(name)) singletons.set(name, make())
  return singletons.get(name) as T
}
