import type { Plugin } from 'vite'
import { isRunnableDevEnvironment } from 'vite'
import type * as Server from '../server.ts'

const SERVER_ENTRY = 'virtual:tanstack-start-server-entry'

/**
 * What `main.ts` does, for the development server: boots web when it starts to listen, not at the first request, and
 * answers the event stream before the framework. Both come from `server.ts`, anew after each edit.
 */
export function devServer(): Plugin {
  return {
    name: 'web:dev-server',
    apply: 'serve',
    configureServer(vite) {
      const entry = async (): Promise<typeof Server> => {
        const { ssr } = vite.environments
        if (!ssr || !isRunnableDevEnvironment(ssr)) throw new Error('the server environment cannot run modules here')
        return ssr.runner.import(SERVER_ENTRY)
      }
      vite.httpServer?.once('listening', () => {
        entry()
          .then(({ boot }) => boot())
          .catch((error: unknown) => {
            vite.config.logger.error(error instanceof Error ? error.message : String(error))
            process.exit(1)
          })
      })
      // Vite ends the process by itself, with 143, which who asked for an orderly end takes for a failure.
      process.once('SIGTERM', () => {
        process.exitCode = 0
        entry()
          .then(({ shutdown }) => shutdown())
          .catch(() => {})
      })
      // Who started this process and held a channel to it is gone, without having said so.
      process.once('disconnect', () => process.exit(0))
      vite.middlewares.use((request, response, next) => {
        // Without what a policy of its own forbids: as with pages, the development server's scripts are not the build's.
        const answerByVite = () => {
          if (request.url?.includes('worker_file')) response.removeHeader('Content-Security-Policy')
          next()
        }
        entry().then(({ handle }) => handle(request, response, answerByVite), next)
      })
    },
  }
}
