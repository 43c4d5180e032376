import type { APIAttachment, APIMessageTopLevelComponent } from 'discord-api-types/v10'
import { attachedAt } from '../embedded-files.ts'
import type { Component } from './parts.ts'
import { within } from './within.ts'

/** A component with another in each place where it has one. */
function mapped(component: Component, change: (component: Component) => Component): Component {
  const { components, accessory, component: labelled } = component
  return change({
    ...component,
    ...(components && { components: components.map((child) => mapped(child, change)) }),
    ...(accessory && { accessory: mapped(accessory, change) }),
    ...(labelled && { component: mapped(labelled, change) }),
  })
}

/**
 * Components with the ids that Discord gives to those that came without: numbers from 1 on, in the order in which they
 * stand. https://docs.discord.com/developers/components/reference#anatomy-of-a-component
 */
export function numbered(components: readonly Component[]): Component[] {
  const taken = new Set(within(components).map(({ component }) => component.id))
  let last = 0
  const next = () => {
    do last++
    while (taken.has(last))
    return last
  }
  const ids = new Map(within(components).map(({ component }) => [component, component.id || next()]))
  const number = (component: Component): Component => {
    const { components: children, accessory, component: labelled } = component
    const id = ids.get(component)
    return {
      ...component,
      ...(id !== undefined && { id }),
      ...(children && { components: children.map(number) }),
      ...(accessory && { accessory: number(accessory) }),
      ...(labelled && { component: number(labelled) }),
    }
  }
  return components.map(number)
}

/** https://docs.discord.com/developers/components/reference#unfurled-media-item */
function unfurled(item: unknown, attachments: readonly APIAttachment[], nextId: () => string): object {
  const given = String(Reflect.get(item as object, 'url'))
  const attachment = attachedAt(given, attachments)
  const url = attachment?.url ?? given
  const { id, width, height, content_type } = attachment ?? {}
  return {
    id: nextId(),
    url,
    proxy_url: url,
    ...(width !== undefined && { width, height }),
    ...(content_type !== undefined && { content_type }),
    ...(id !== undefined && { attachment_id: id }),
  }
}

/** Components as a message shows them: numbered, and with what Discord knows of the media in them. */
export function shownComponents(
  components: readonly Component[],
  attachments: readonly APIAttachment[],
  nextId: () => string,
): APIMessageTopLevelComponent[] {
  const unfurl = (item: unknown) => unfurled(item, attachments, nextId)
  const nameOf = (item: unknown) => String(Reflect.get(item as object, 'url')).replace('attachment://', '')
  const show = (component: Component): Component => {
    const { media, file, items } = component
    const name = file && nameOf(file)
    const size = attachments.find(({ filename }) => filename === name)?.size ?? null
    return {
      ...component,
      ...(media instanceof Object && { media: unfurl(media) }),
      ...(file instanceof Object && { file: unfurl(file), name, size }),
      ...(Array.isArray(items) && {
        items: items.map((item: { media: unknown }) => ({ ...item, media: unfurl(item.media) })),
      }),
    }
  }
  return numbered(components).map((component) => mapped(component, show)) as APIMessageTopLevelComponent[]
}
