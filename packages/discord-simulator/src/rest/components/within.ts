import { refusal } from '../errors.ts'
import type { FieldError } from '../errors.ts'
import type { Component } from './parts.ts'

export interface Placed {
  component: Component
  /** Where it is: names of fields and places in lists. */
  path: readonly PropertyKey[]
}

function inside(component: Component, path: readonly PropertyKey[]): Placed[] {
  const { components = [], accessory, component: labelled } = component
  return [
    { component, path },
    ...components.flatMap((child, index) => inside(child, [...path, 'components', index])),
    ...(accessory ? inside(accessory, [...path, 'accessory']) : []),
    ...(labelled ? inside(labelled, [...path, 'component']) : []),
  ]
}

/** All components with those in them, in the order in which they stand. */
export const within = (components: readonly Component[]): Placed[] =>
  components.flatMap((component, index) => inside(component, [index]))

/** Two that would be told apart by nothing: https://docs.discord.com/developers/components/reference#anatomy-of-a-component */
export function repeatedIds(components: readonly Component[]): FieldError[] {
  const named = within(components).filter(({ component }) => component.custom_id !== undefined)
  const first = new Map(named.toReversed().map(({ component }) => [component.custom_id, component]))
  return named
    .filter(({ component }) => first.get(component.custom_id) !== component)
    .map(({ path }) => ({
      path: [...path, 'custom_id'],
      code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
      message: 'Component custom id cannot be duplicated',
    }))
}

/** Refuses the components for what is wrong with them, if anything is; each fault's path begins among them. */
export function refuseFaults(faults: readonly FieldError[]): void {
  if (faults.length === 0) return
  throw refusal.invalidForm(faults.map((fault) => ({ ...fault, path: ['components', ...fault.path] })))
}
