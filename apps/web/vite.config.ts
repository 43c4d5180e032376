import { basename, join, relative } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { ConfigError, readConfig } from './src/server/config.ts'
import { devServer } from './src/server/dev-server-plugin.ts'

/**
 * What the page imports of others. The development server prepares it before the first page; a dependency that it finds
 * while a page is loading has the page load again.
 */
const BROWSER_DEPENDENCIES = [
  '@base-ui/react/alert-dialog',
  '@base-ui/react/context-menu',
  '@base-ui/react/csp-provider',
  '@base-ui/react/dialog',
  '@base-ui/react/menu',
  '@base-ui/react/select',
  '@base-ui/react/toast',
  '@base-ui/react/tooltip',
  '@tanstack/react-query',
  '@tanstack/react-virtual',
  'discord-markdown-parser',
  'uplot',
  'zod',
  'zod/mini',
]

/** What every page needs is transformed while the rest of the house starts. */
const WARMUP = {
  clientFiles: ['./src/router.tsx', './src/{routes,components,hooks,live}/**/*.{ts,tsx}'],
  ssrFiles: ['./src/router.tsx'],
}

const SRC = join(import.meta.dirname, 'src')
const OWN_PAGES = { entry: 'router.tsx', generatedRouteTree: 'routeTree.gen.ts' }

/**
 * `vite dev -- --demo`: what follows `--` is web's own command line, as with `node src/main.ts --demo`.
 *
 * @param pages the folder of other pages (examples/lobby), with a `router.tsx`; without one, web's own.
 */
export const webConfig = (pages?: string) => {
  const router = pages === undefined ? OWN_PAGES : routerIn(pages)
  return defineConfig(({ command, isPreview }) => {
    // Whatever the shell's is: what is built under another asks for the React of development, and is served that of production.
    if (command === 'build') process.env['NODE_ENV'] = 'production'
    return {
      optimizeDeps: { include: BROWSER_DEPENDENCIES },
      plugins: [devServer(), tanstackStart({ router }), react(), tailwindcss()],
      ...(command === 'serve' && !isPreview ? { server: { ...address(), strictPort: true, warmup: WARMUP } } : {}),
    }
  })
}

export default webConfig()

/** Seen from src. The tree of our routes is not of those pages, and is not to be written over. */
function routerIn(pages: string) {
  const generated = join(SRC, '../.tanstack', basename(pages), OWN_PAGES.generatedRouteTree)
  return { entry: relative(SRC, join(pages, OWN_PAGES.entry)), generatedRouteTree: relative(SRC, generated) }
}

function address(): { host: string; port: number } {
  try {
    const { WEB_HOST, PORT } = readConfig(process.env, process.argv)
    return { host: WEB_HOST, port: PORT }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(1)
  }
}
