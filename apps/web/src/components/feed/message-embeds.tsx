import type { APIEmbed } from 'discord-api-types/v10'
import type { CSSProperties } from 'react'

/** A bot's card: its title, text and figures. Pictures and players in it belong to the full page. */
export function Embeds({ embeds }: { embeds: readonly APIEmbed[] }) {
  return embeds.map((embed, index) => (
    // Embeds have no ids and are replaced as a whole.
    // oxlint-disable-next-line react/no-array-index-key
    <Embed key={index} embed={embed} />
  ))
}

function Embed({ embed: { title, url, description, fields, color, author, footer } }: { embed: APIEmbed }) {
  const heading = title ?? author?.name
  return (
    <div className="mt-[5px] w-fit max-w-[34rem] min-w-[24rem] rounded-3 border border-line bg-canvas px-3.5 pt-2.5 pb-3 max-md:min-w-0">
      {heading !== undefined && (
        <p className="flex items-center gap-2 text-sm font-title">
          <i
            aria-hidden="true"
            className="size-2 flex-none rounded-[2px] bg-(--embed,var(--wait))"
            style={
              color === undefined ? {} : ({ '--embed': `#${color.toString(16).padStart(6, '0')}` } as CSSProperties)
            }
          />
          {url !== undefined && URL.canParse(url) && /^https?:/u.test(url) ? (
            <a href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto" className="text-link">
              {heading}
            </a>
          ) : (
            <span dir="auto">{heading}</span>
          )}
        </p>
      )}
      {description !== undefined && (
        <p dir="auto" className="mt-1 text-sm wrap-anywhere whitespace-pre-wrap text-ink-2">
          {description}
        </p>
      )}
      {fields !== undefined && fields.length > 0 && (
        <dl className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1 max-md:gap-x-[18px]">
          {fields.map((field) => (
            <div key={`${field.name} ${field.value}`} className={field.inline === true ? '' : 'basis-full'}>
              <dt dir="auto" className="text-xs text-ink-3">
                {field.name}
              </dt>
              <dd dir="auto" className="text-sm wrap-anywhere whitespace-pre-wrap tabular-nums">
                {field.value}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {footer !== undefined && (
        <p dir="auto" className="mt-1.5 text-xs text-ink-3">
          {footer.text}
        </p>
      )}
    </div>
  )
}
