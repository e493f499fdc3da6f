import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkApi } from '../../../src/node/data-folder/secrets/check-api'
import { openApiSecret, readApiSecret } from '../../../src/node/data-folder/secrets/api-secret-file'
import { send } from '../../harness/http/send-raw-request'
import { startTestApiServer } from '../../harness/http/test-api-server'

/* Another user of the computer can take the port of the API while the app is off. */

const NONCE = '0123456789abcdef'
const at = (port: number): URL => new URL(`http://127.0.0.1:${port}`)

async function listen(server: Server): Promise<number> {
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

describe('an API', () => {
  test('proves without a token that it is of its folder, as openssl computes it', async () => {
    const started = await startTestApiServer()
    const { port, folder } = started
    const reply = await send(started, { path: `/proof?nonce=${NONCE}`, token: null })
    const byOpenssl = execFileSync('openssl', ['dgst', '-sha256', '-hmac', readApiSecret(folder) ?? ''], {
      input: `podkeeper ${port} ${NONCE}`,
    })
    expect([reply.status, reply.body]).toEqual([200, { proof: /[0-9a-f]{64}/.exec(String(byOpenssl))?.[0] }])
    expect(await checkApi(folder, at(port))).toBe('this-folder')
    if (process.platform !== 'win32') expect(statSync(join(folder, 'api-secret')).mode & 0o777).toBe(0o600)
  })

  test('signs nothing but a nonce, and nothing for a web page', async () => {
    const started = await startTestApiServer()
    for (const nonce of ['', 'short', 'x'.repeat(129), `${NONCE}%204780`, `${NONCE}%0A`])
      expect((await send(started, { path: `/proof?nonce=${nonce}` })).status).toBe(400)
    const page = { headers: { origin: 'http://127.0.0.1' } }
    expect((await send(started, { path: `/proof?nonce=${NONCE}`, ...page })).status).toBe(403)
    expect((await send(started, { path: `/proof?nonce=${NONCE}`, method: 'POST' })).status).toBe(405)
  })
})

describe('another program at the port', () => {
  test.each<[string, (path: string, realPort: number) => Promise<string>]>([
    ['that makes a proof up', async () => JSON.stringify({ proof: 'a'.repeat(64) })],
    [
      'that asks the API at its own port',
      async (path, realPort) => (await fetch(`http://127.0.0.1:${realPort}${path}`)).text(),
    ],
    ['that says anything', async () => '"proof":"' + 'x'.repeat(100_000)],
  ])('%s isn’t taken for the API', async (_, answer) => {
    const { port: realPort, folder } = await startTestApiServer()
    const impostor = createServer((request, response) => {
      void answer(request.url ?? '', realPort).then((body) => response.end(body))
    })
    const port = await listen(impostor)
    expect(await checkApi(folder, at(port))).toBe('another-program')
    expect(await checkApi(folder, at(realPort))).toBe('this-folder')
  })

  test('with another folder’s secret, or while this folder has none, isn’t taken for the API', async () => {
    const { port } = await startTestApiServer()
    const folder = mkdtempSync(join(tmpdir(), 'podkeeper-proof-'))
    expect(await checkApi(folder, at(port))).toBe('another-program')
    openApiSecret(folder)
    expect(await checkApi(folder, at(port))).toBe('another-program')
  })

  test('that leads elsewhere isn’t followed', async () => {
    const { port: realPort, folder } = await startTestApiServer()
    const impostor = createServer((request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${realPort}${request.url}` }).end(),
    )
    expect(await checkApi(folder, at(await listen(impostor)))).toBe('unreachable')
  })
})

test('a secret stays, and one that can’t be used is made anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-proof-'))
  const made = openApiSecret(folder)
  expect(openApiSecret(folder)).toBe(made)
  writeFileSync(join(folder, 'api-secret'), '')
  expect(readApiSecret(folder)).toBeNull()
  const again = openApiSecret(folder)
  expect(again).not.toBe(made)
  rmSync(join(folder, 'api-secret'))
  expect(openApiSecret(folder)).not.toBe(again)
})
