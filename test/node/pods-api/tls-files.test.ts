import { once } from 'node:events'
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { useTlsFiles } from '../../../src/node/pods-api/tls-files'

const fixtures = resolve(import.meta.dirname, '../../fixtures/self-signed')

async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-tls-'))
  const files = { certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') }
  copyFileSync(join(fixtures, 'certificate.pem'), files.certPath)
  copyFileSync(join(fixtures, 'key.pem'), files.keyPath)
  const server = createServer((_request, response) => response.end())
  const problems: unknown[] = []
  useTlsFiles(server, files, (cause) => problems.push(cause), 5)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  /** The name in the certificate that a client gets now. */
  async function presented(): Promise<unknown> {
    const { port } = server.address() as AddressInfo
    const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(client, 'secureConnect')
    const { subject } = client.getPeerCertificate()
    client.destroy()
    return subject.CN
  }
  return { files, problems, presented }
}

test('a certificate that was replaced is used without a restart, and never one without its key', async () => {
  const { files, problems, presented } = await startServer()
  expect(await presented()).toBe('localhost')
  copyFileSync(join(fixtures, 'renewed-certificate.pem'), files.certPath)
  await expect.poll(() => problems).toHaveLength(1)
  expect(await presented()).toBe('localhost')
  copyFileSync(join(fixtures, 'renewed-key.pem'), files.keyPath)
  await expect.poll(presented).toBe('renewed')
  expect(problems).toHaveLength(1)
  writeFileSync(files.certPath, '')
  await expect.poll(() => problems).toHaveLength(2)
  expect(await presented()).toBe('renewed')
})

test('without a usable certificate nothing is served', () => {
  const keyPath = join(fixtures, 'renewed-key.pem')
  const use = (certPath: string) => () => useTlsFiles(createServer(), { certPath, keyPath }, () => {})
  expect(use(join(fixtures, 'certificate.pem'))).toThrow(/key values mismatch/)
  expect(use('/nowhere/cert.pem')).toThrow(/ENOENT/)
})
