import tailwindcss from '@tailwindcss/vite'
import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { ConfigError, readConfig } from './src/server/config.ts'
import { devServer } from './src/server/dev-server-plugin.ts'

/** `vite dev -- --demo`: what follows `--` is web's own command line, as with `node src/main.ts --demo`. */
export default defineConfig(({ command, isPreview }) => ({
  plugins: [devServer(), tanstackStart(), react(), tailwindcss()],
  ...(command === 'serve' && !isPreview ? { server: { ...address(), strictPort: true } } : {}),
}))

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
