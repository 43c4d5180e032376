import { webConfig } from '../../apps/web/vite.config.ts'

/** Web as it is, with pages of one's own. */
export default webConfig({
  entry: '../../../examples/lobby/router.tsx',
  generatedRouteTree: '../.tanstack/lobby/routeTree.gen.ts',
})
