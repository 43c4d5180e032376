import { useEffect } from 'react'
import { plural } from '../../live/format.ts'
import { forgetEverybody } from '../../live/kept-in-browser.ts'
import { PLAIN_TITLE, usePageTitle } from '../frame/use-page-title.ts'
import type { SignInProblem } from '../../sign-in-search.ts'
import type { DemoPerson, SignInOptions } from '../../server/functions.ts'
import { Avatar } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Icon, Mark } from '../ui/icon.tsx'
import { Tag } from '../ui/tag.tsx'
import { ThemeButton } from '../frame/theme-button.tsx'
import { WayOfAnEvent } from '../inspector/way-of-an-event.tsx'

type Props = {
  options: SignInOptions
  /** Why the last try came to nothing. */
  problem: SignInProblem | null
  /** The path to come back to. */
  to: string
}

/** Who are you? All that a page has for somebody who has not said. */
export function SignInPage({ options, problem, to }: Props) {
  usePageTitle('Sign in', PLAIN_TITLE)
  // A form that signs out works without the page's scripts, and so ends the page before it heard.
  useEffect(forgetEverybody, [])
  return (
    <main className="grid min-h-dvh grid-cols-[minmax(0,1fr)_minmax(0,34rem)] max-lg:grid-cols-[minmax(0,1fr)] max-lg:content-start">
      <section className="flex flex-col px-14 py-10 max-lg:order-2 max-lg:px-5 max-lg:py-6">
        <div className="flex items-center gap-2.5 font-title max-lg:hidden">
          <Mark />
          Gateway Service
          <span className="ms-auto">
            <ThemeButton />
          </span>
        </div>
        <h1 className="mt-auto max-w-[22ch] text-2xl font-title tracking-[-0.025em] text-balance max-lg:mt-0">
          Your server, live. Only&nbsp;what you may see.
        </h1>
        <p className="mt-3 max-w-[52ch] text-md text-ink-2">
          Every event carries one id from Discord to this page. If something is lost on the way, the page says what, and
          when.
        </p>
        <WayOfAnEvent />
      </section>
      <section
        aria-labelledby="sign-in"
        className="flex flex-col justify-center gap-7 border-s border-line bg-panel px-12 py-10 max-lg:border-0 max-lg:px-5 max-lg:py-7"
      >
        <div>
          <div className="flex items-center">
            <h2 id="sign-in" className="flex-1 text-xl font-title tracking-[-0.015em]">
              Sign in
            </h2>
            <span className="lg:hidden">
              <ThemeButton />
            </span>
          </div>
          {problem !== null && <Problem problem={problem} />}
          {options.isSetUp ? (
            <>
              <a href={authPath({ to })} className={`${buttonClass('solid')} mt-4 min-h-11! w-full text-md`}>
                Continue with Discord
              </a>
              <p className="mt-2.5 text-xs/[1.125rem] text-ink-3">
                Asks Discord for your name, your picture and the list of your servers. You can withdraw it at any time
                in Discord.
              </p>
            </>
          ) : (
            <p className="mt-3 max-w-[52ch] text-md text-ink-2">
              Nobody can sign in here yet. Whoever runs this site says which application of Discord’s it is: README.md,
              “Your own Discord bot”. <code className="font-code text-2xs text-ink-3">DISCORD_CLIENT_ID</code>
            </p>
          )}
        </div>
        {options.people.length > 0 && <People people={options.people} to={to} />}
      </section>
    </main>
  )
}

const authPath = (query: { to: string; login_hint?: string }) =>
  `/auth/discord?${new URLSearchParams(query).toString()}`

const problems: Readonly<Record<SignInProblem, string>> = {
  cancelled: 'You cancelled at Discord.',
  interrupted: 'It was begun in another window or browser, or too long ago. Start again here.',
  discord: 'Discord did not say who you are. Try again in a minute; if it stays so, tell whoever runs this site.',
  busy: 'Many people are signing in just now. Try again in a minute.',
  'not-set-up': 'Whoever runs this site has not set it up.',
}

function Problem({ problem }: { problem: SignInProblem }) {
  return (
    <p role="alert" className="mt-3 flex gap-2.5 rounded-3 bg-down-soft px-3 py-2.5">
      <Icon name="refused" className="mt-0.5 text-down" />
      <span>
        <b className="font-title">You were not signed in.</b> {problems[problem]}{' '}
        <code className="font-code text-2xs text-ink-2">{problem}</code>
      </span>
    </p>
  )
}

function People({ people, to }: { people: readonly DemoPerson[]; to: string }) {
  return (
    <>
      <p className="flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or, in this demo
      </p>
      <div>
        <h3 className="flex items-center gap-2 text-sm font-title">
          Continue as a simulated person <Tag tone="wait">simulator</Tag>
        </h3>
        <p className="mt-0.5 mb-3 text-ink-2">No Discord account is used. Each sees a different page.</p>
        <ul className="overflow-hidden rounded-3 border border-line-strong">
          {people.map(({ id, name, ...person }) => (
            <li key={id} className="not-first:border-t not-first:border-line">
              <a
                href={authPath({ to, login_hint: id })}
                className="focus-inside flex min-h-15 items-center gap-3 px-3 py-2.5 no-underline transition-colors duration-(--dur-press) hover:bg-hover"
              >
                <Avatar of={{ id, name, src: null }} />
                <span className="min-w-0 flex-1">
                  <b dir="auto" className="block font-title">
                    {name}
                  </b>
                  <span className="block text-xs text-ink-2">{says[person.standing](person)}</span>
                </span>
                <Tag>{person.standing}</Tag>
                <Icon name="chevronRight" className="text-ink-3" />
              </a>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const inThem = ({ servers }: Stands) => listed.format(servers)

type Stands = Omit<DemoPerson, 'id' | 'name'>

const says: Readonly<Record<DemoPerson['standing'], (person: Stands) => string>> = {
  owner: (person) => `Sees every channel of ${inThem(person)} and may do everything.`,
  moderator: (person) => `May ${listed.format(person.may)} members of ${inThem(person)}.`,
  member: (person) => {
    const { all, seen, written } = person.channels
    const most = written * 2 > seen ? ' May write in most.' : ''
    return `Sees ${seen} of ${plural(all, 'channel')} of ${inThem(person)}.${most}`
  },
  stranger: () => 'In no server here. Shows what is refused.',
}
