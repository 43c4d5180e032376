import type { APIMessageTopLevelComponent } from 'discord-api-types/v10'

/**
 * Components with the ids that Discord gives to those that came without: numbers from 1 on, in the order in which they
 * stand. https://docs.discord.com/developers/components/reference#anatomy-of-a-component
 */
export function numbered(components: readonly object[]): APIMessageTopLevelComponent[] {
  let last = 0
  const number = (component: object): object => {
    const own = Reflect.get(component, 'id') as unknown
    const id = typeof own === 'number' && own > 0 ? own : ++last
    const inner: unknown = Reflect.get(component, 'components')
    const children = Array.isArray(inner) && {
      components: inner.map((child: unknown) => (child instanceof Object ? number(child) : child)),
    }
    return { ...component, id, ...children }
  }
  return components.map(number) as APIMessageTopLevelComponent[]
}
