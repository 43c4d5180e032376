import type { FieldError } from '../errors.ts'
import { attachedName } from '../embedded-files.ts'
import type { Component } from './parts.ts'
import { refuseFaults, within } from './within.ts'

/** Each place of a component where a URL may point to a file, and what stands there. */
function mediaOf({ media, file, items }: Component): [path: PropertyKey[], item: unknown][] {
  const inGallery = Array.isArray(items)
    ? items.map((item: { media?: unknown }, index): [PropertyKey[], unknown] => [['items', index, 'media'], item.media])
    : []
  return [[['media'], media], [['file'], file], ...inGallery]
}

/**
 * Refuses components that show a file which is not there: `attachment://name` of what was neither sent along nor is in the
 * message. https://docs.discord.com/developers/components/reference#unfurled-media-item
 */
export function checkMedia(components: readonly Component[], names: readonly string[]): void {
  const faults = within(components).flatMap(({ component, path }) =>
    mediaOf(component).flatMap(([place, item]): FieldError[] => {
      const name = item instanceof Object ? attachedName(String(Reflect.get(item, 'url'))) : undefined
      if (name === undefined || names.includes(name)) return []
      const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND'
      return [{ path: [...path, ...place, 'url'], code, message: 'The referenced attachment could not be found.' }]
    }),
  )
  refuseFaults(faults)
}
