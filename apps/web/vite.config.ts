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

const OWN_PAGES = { entry: 'router.tsx', generatedRouteTree: 'routeTree.gen.ts' }

/**
 * `vite dev -- --demo`: what follows `--` is web's own command line, as with `node src/main.ts --demo`.
 *
 * @param router where the pages are, seen from src. With another's (examples/lobby) the tree of our routes is nobody's, and is
 * not to be written over.
 */
export const webConfig = (router = OWN_PAGES) =>
  defineConfig(({ command, isPreview }) => {
    // Whatever the shell's is: what is built under another asks for the React of development, and is served that of production.
    if (command === 'build') process.env['NODE_ENV'] = 'production'
    return {
      optimizeDeps: { include: BROWSER_DEPENDENCIES },
      plugins: [devServer(), tanstackStart({ router }), react(), tailwindcss()],
      ...(command === 'serve' && !isPreview ? { server: { ...address(), strictPort: true, warmup: WARMUP } } : {}),
    }
  })

export default webConfig()

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
