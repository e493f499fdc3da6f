import { expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { runCli, startSimulator } from '../harness/cli/cli'
import {
  PROXIED_CERTIFICATE,
  PROXIED_HOST,
  startConnectProxy,
  startTlsFront,
} from '../harness/http/connect-proxy'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

/** The environment of a computer that reaches Runpod through the proxy only. */
const behind = (proxy: string, more: Record<string, string> = {}) => ({
  RUNPOD_API_BASE_URL: `https://${PROXIED_HOST}/v2`,
  RUNPOD_API_KEY: FULL_KEY,
  NODE_EXTRA_CA_CERTS: PROXIED_CERTIFICATE,
  HTTPS_PROXY: proxy,
  ...more,
})

test('status, a stop and the balance go through the proxy, and the key only inside the tunnel', async () => {
  const runpod = await startSimulator([{ name: 'one', id: 'one', mode: 'training', stoppingS: 0.2 }])
  const proxy = await startConnectProxy(await startTlsFront(runpod.url))
  // Node reads the certificates of NODE_EXTRA_CA_CERTS at its start.
  const env = behind(`http://me:secret@${proxy.name}`)
  const status = await runCli({ isRealProgram: true, args: ['status'], env })
  expect(status).toMatchObject({ code: 0, stderr: '' })
  expect(status.stdout).toMatch(/one +running/)
  expect(status.stdout).toMatch(/balance \$(?:100\.00|99\.\d\d)/)
  const stop = await runCli({ isRealProgram: true, args: ['stop', '--yes', 'one'], env })
  expect(stop.code).toBe(0)
  expect(runpod.pod('one')['status']).toBe('EXITED')
  expect(new Set(proxy.tunnels)).toEqual(
    new Set([`${PROXIED_HOST}:443 Basic ${Buffer.from('me:secret').toString('base64')}`]),
  )
  expect(proxy.plainRequests).toEqual([])
  expect(proxy.sentBytes().length).toBeGreaterThan(0)
  expect(proxy.sentBytes().includes(FULL_KEY)).toBe(false)
})

test('a proxy that refuses is named, with exit code 4 and without its password', async () => {
  const proxy = await startConnectProxy()
  proxy.behavior = { kind: 'status', status: 407 }
  const { code, stdout, stderr } = await runCli({
    args: ['status'],
    env: behind(`http://me:secret@${proxy.name}`),
  })
  expect([code, stdout]).toEqual([4, ''])
  expect(stderr).toContain(
    `The proxy ${proxy.name} does not accept the user name and password of HTTPS_PROXY`,
  )
  expect(stderr).not.toContain('secret')
})

test('a variable that names no usable proxy is an error, and nothing is sent anywhere', async () => {
  const { code, stderr } = await runCli({
    args: ['status'],
    env: behind('socks5://me:secret@127.0.0.1:9'),
  })
  expect(code).toBe(4)
  expect(stderr).toContain('Nothing was sent: HTTPS_PROXY is not a valid proxy address')
  expect(stderr).not.toContain('secret')
})

test('an API on this computer is reached directly, whatever the proxy is', async () => {
  const runpod = await startSimulator([])
  const proxy = await startConnectProxy()
  const { code } = await runCli({
    args: ['status'],
    runpod,
    env: { HTTPS_PROXY: `http://${proxy.name}`, HTTP_PROXY: `http://${proxy.name}` },
  })
  expect([code, proxy.tunnels, proxy.plainRequests]).toEqual([0, [], []])
})
