import type { Reply } from '../http/reply.ts'
import type { User } from '../world/types.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const hidden = (fields: URLSearchParams) =>
  [...fields].map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join('')

const STYLE =
  'body{font:16px/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}button{font:inherit;display:block;' +
  'width:100%;margin:.25rem 0;padding:.5rem;text-align:left}'

/** A page without scripts. `body` is HTML. */
function page(title: string, body: string): Reply {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>
<h1>${title}</h1>${body}</html>`
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  }
  return { status: 200, text, headers }
}

/** Where it ends when only the bot was to be let in: nobody is sent on. */
export const authorizedPage = (application: string): Reply =>
  page('Authorized', `<p><b>${escape(application)}</b> may be where it is. This page can be closed.</p>`)

/** The page that asks who you are. It has no script: each person is a button. */
export function choosePage(application: string, people: readonly User[], query: URLSearchParams): Reply {
  const scopes = (query.get('scope') ?? '').split(' ').map(escape).join(', ')
  const buttons = people.map(
    ({ id, username, global_name }) =>
      `<button name="user_id" value="${id}">${escape(global_name ?? username)} <small>${escape(username)}</small></button>`,
  )
  const form = `<form method="post" action="/oauth2/authorize">${hidden(query)}${buttons.join('\n')}
<button name="cancel" value="1">Cancel</button></form>`
  return page('Who are you?', `<p><b>${escape(application)}</b> wants to know: ${scopes}</p>\n${form}`)
}
