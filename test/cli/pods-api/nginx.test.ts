import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../harness/base/free-port'
import { startSimulator } from '../../harness/cli/cli'
import { startServed } from '../../harness/cli/served'
import { quickPod } from '../../harness/cli/watched'

const root = resolve(import.meta.dirname, '../../..')
const hasNginx = ((): boolean => {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** The server of the document, without encryption, at a port of this test. */
function documentedServer(port: number, apiPort: string): string {
  const document = readFileSync(join(root, 'docs/pods-api.md'), 'utf8')
  const [, server = ''] = /```nginx\n([^]*?)```/.exec(document) ?? []
  const changed = server
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/ssl_certificate.*\n/g, '\n')
    .replace('127.0.0.1:4780', `127.0.0.1:${apiPort}`)
  expect(changed).not.toMatch(/443|ssl|4780/)
  return changed
}

async function startNginx(apiPort: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-nginx-'))
  const port = await freePort()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder};`,
  )
  const server = documentedServer(port, apiPort)
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    events {} http { access_log off; ${paths.join(' ')} ${server} }`,
  )
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')])
  onTestFinished(() => void nginx.kill())
  let log = ''
  nginx.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  await expect
    .poll(() => ask(port, '/health').catch((cause: unknown) => `${String(cause)} ${log}`))
    .toMatchObject({ headers: expect.anything() as unknown })
  return port
}

async function ask(port: number, path: string, token = 'none', host = 'pods.example.org') {
  const headers = { host, authorization: `Bearer ${token}` }
  const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }).end()
  return ((await once(sent, 'response')) as [IncomingMessage])[0]
}

describe.skipIf(!hasNginx)('behind the documented nginx (needs nginx)', () => {
  test('tokens are served under the name that was allowed, events arrive as they happen, and no other name is served', async () => {
    const runpod = await startSimulator([quickPod('busy1', { mode: 'training' })])
    const args = ['--port', '0', '--behind-proxy', '--allow-host', 'pods.example.org']
    const { origin, token } = await startServed({ runpod, args })
    const port = await startNginx(new URL(origin).port)
    const statuses = [
      await ask(port, '/api/v1/labs', token),
      await ask(port, '/api/v1/labs'),
      await ask(port, '/api/v1/labs', token, 'other.example.org'),
    ].map((response) => response.resume().statusCode)
    expect(statuses).toEqual([200, 401, 403])
    const events = await ask(port, '/api/v1/events', token)
    const [first] = (await once(events, 'data')) as [Buffer]
    expect(first.toString()).toContain('event: ready')
    events.destroy()
  })
})
