import type { UploadRequest } from './live/uploads.ts'
import { VIEWER_HEADER, viewerOfPage } from './page-viewer.ts'
import type { UploadOutcome } from './server/function-results.ts'

/** Sends a file to web, as it is. By XMLHttpRequest, since `fetch` tells nobody how much has gone. */
export function upload({
  guildId,
  channelId,
  file,
  filename,
  onProgress,
  signal,
}: UploadRequest): Promise<UploadOutcome> {
  const request = new XMLHttpRequest()
  const query = new URLSearchParams({ filename })
  request.open('POST', `/api/guilds/${guildId}/channels/${channelId}/files?${query.toString()}`)
  const viewerId = viewerOfPage()
  if (viewerId !== null) request.setRequestHeader(VIEWER_HEADER, viewerId)
  request.responseType = 'json'
  request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
  signal.addEventListener('abort', () => request.abort())
  return new Promise((resolve) => {
    // Whatever became of it: where none came, there is no answer.
    request.addEventListener('loadend', () => resolve(outcomeOf(request)))
    request.send(file)
  })
}

function outcomeOf(request: XMLHttpRequest): UploadOutcome {
  const answer = (request.response ?? {}) as {
    upload?: string
    filename?: string
    size?: number
    error?: { code?: string; message?: string }
  }
  const { filename, size, error } = answer
  if (request.status === 201 && answer.upload !== undefined && filename !== undefined && size !== undefined)
    return { ok: true, upload: answer.upload, filename, size }
  const { code = 'NOT_CONNECTED', message = '' } = error ?? {}
  const retryAfter = Number(request.getResponseHeader('Retry-After') ?? Number.NaN)
  return { ok: false, code, message, kept: false, ...(Number.isFinite(retryAfter) && { retryAfter }) }
}
