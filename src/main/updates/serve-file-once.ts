import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedFile {
  /** Of a document with the address of the file, as macOS's updater asks for it. */
  readonly feedUrl: string
  readonly close: () => void
}

/**
 * Serves a file to macOS's updater: on loopback, at a path that nobody can guess, the document and the file once each.
 * Nothing else is answered. Throws errors of the system.
 */
export async function serveFileOnce(path: string): Promise<ServedFile> {
  const { size } = await stat(path)
  const secret = randomBytes(32).toString('hex')
  const left = new Set([`/${secret}/update.json`, `/${secret}/update.zip`])
  const server = createServer((request, response) => {
    const asked = request.url ?? ''
    if (request.method !== 'GET' || !left.delete(asked)) {
      response.writeHead(404).end()
      return
    }
    if (asked.endsWith('.json')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ url: `${origin()}/${secret}/update.zip` }))
      return
    }
    response.writeHead(200, { 'content-type': 'application/zip', 'content-length': size })
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response)
  })
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    feedUrl: `${origin()}/${secret}/update.json`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
