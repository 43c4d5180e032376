import { useState } from 'react'
import { Button } from './button.tsx'

/** Copies a text, and says whether that was done. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied('yes')
    } catch {
      setCopied('failed')
    }
  }
  return (
    <>
      <Button small onClick={() => void copy()}>
        {copied === 'yes' ? 'Copied' : children}
      </Button>
      <output className="sr-only">{copied === 'no' ? '' : copied === 'yes' ? 'Copied' : 'Not copied'}</output>
    </>
  )
}
