import { createHash } from 'node:crypto'
import type { ReleaseFile } from '../../../src/core/updates/release-feed'
import { type ReceivedRequest, type ScriptedReply, startHttpServer, text } from '../http/http-server'

export const fileOf = (body: string, name = 'podkeeper-darwin-arm64.zip'): ReleaseFile => ({
  name,
  sizeBytes: Buffer.byteLength(body),
  sha256: createHash('sha256').update(body).digest('hex'),
  target: 'darwin-arm64',
})

/** Answers as a server of files does that can continue one. */
export function rangeReply(body: string, { headers }: ReceivedRequest): ScriptedReply {
  const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? []
  if (start === undefined) return text(body)
  if (Number(start) >= body.length) return text('', { status: 416 })
  const range = `bytes ${start}-${body.length - 1}/${body.length}`
  return text(body.slice(Number(start)), { status: 206, headers: { 'content-range': range } })
}

/** A server on this computer with one file beside a feed, and what it was asked for. */
export async function startFileServer(body: string) {
  const server = await startHttpServer()
  server.replyWith((request) => rangeReply(body, request))
  return { ...server, feedUrl: `${server.origin}/files/releases.json` }
}
