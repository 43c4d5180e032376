import { webConfig } from '../../apps/web/vite.config.ts'

/** Web as it is, with the pages of this folder. */
export default webConfig(import.meta.dirname)
