import type { GuildView, Person } from './view-types.ts'

/**
 * Somebody as they are now. Whoever is known to be just so stays the same object: typing and voice tell of people whom every
 * message of theirs would be drawn anew for.
 */
export function withPerson(view: GuildView, person: Person): GuildView {
  const known = view.people[person.id]
  return known && isSame(known, person) ? view : { ...view, people: { ...view.people, [person.id]: person } }
}

const isSame = ({ roles, ...a }: Person, { roles: rolesOfB, ...b }: Person): boolean =>
  (Object.keys(b) as (keyof typeof b)[]).every((key) => a[key] === b[key]) &&
  roles.length === rolesOfB.length &&
  roles.every((role, index) => role === rolesOfB[index])
