import { createContext, use, useLayoutEffect, useState, type ReactNode } from 'react'
import { pageIsFor } from '../page-viewer.ts'
import { createGateway, type Gateway } from '../live/gateway.ts'

const GatewayContext = createContext<Gateway | null>(null)

export type GatewayProviderProps = {
  /** Made by `createGateway`, once a page. Without it the provider makes one that only listens. */
  gateway?: Gateway
  /**
   * Who is signed in, by their Discord id: whose mentions are counted, and for whom alone anything is asked and told. Who was
   * said first, it is for the page's life. Null while that is not known.
   */
  viewerId?: string | null
  children: ReactNode
}

/** Around all that shows something live. The tabs of a browser share one stream, whatever they show. */
export function GatewayProvider({ gateway: given, viewerId = null, children }: GatewayProviderProps) {
  const [own] = useState(() => given ?? createGateway())
  const gateway = given ?? own
  // Before anything below begins or asks: for whom it does.
  useLayoutEffect(() => {
    pageIsFor(viewerId)
    gateway.stores.setViewer(viewerId)
  }, [gateway, viewerId])
  useLayoutEffect(() => followPage(gateway), [gateway])
  return <GatewayContext value={gateway}>{children}</GatewayContext>
}

export function useGateway(): Gateway {
  const gateway = use(GatewayContext)
  if (gateway === null) throw new Error('this hook needs a GatewayProvider above it')
  return gateway
}

function followPage({ stores, suspend, resume, hide, show }: Gateway): () => void {
  const look = () => {
    if (document.visibilityState !== 'visible') return hide()
    show()
    stores.retryNow()
  }
  // From the back/forward cache, and only from there, a page that was hidden comes back.
  const shown = ({ persisted }: PageTransitionEvent) => persisted && resume()
  // Opened behind another, it is hidden from the beginning.
  look()
  globalThis.addEventListener('online', stores.retryNow)
  globalThis.addEventListener('pagehide', suspend)
  globalThis.addEventListener('pageshow', shown)
  document.addEventListener('visibilitychange', look)
  return () => {
    globalThis.removeEventListener('online', stores.retryNow)
    globalThis.removeEventListener('pagehide', suspend)
    globalThis.removeEventListener('pageshow', shown)
    document.removeEventListener('visibilitychange', look)
  }
}
