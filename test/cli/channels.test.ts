import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { startNtfy, startSlack } from '../harness/channels/services'
import { accountIdAt, storeAppAccounts } from '../harness/cli/accounts'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'

test('on a server without a desktop a watch stops an idle pod once the phone has both warnings', async () => {
  const ntfy = await startNtfy({ burst: 100 })
  const slack = await startSlack()
  onTestFinished(async () => void (await Promise.all([ntfy.close(), slack.close()])))
  slack.fail(() => ({ kind: 'reply', reply: { status: 404, body: 'no_service' } }))
  const pod = {
    name: 'idle <!channel>',
    id: 'idle',
    mode: 'idle',
    uptimeS: 86_400,
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    persistent: { sizeGb: 20, path: '/workspace' },
  } as const
  const runpod = await startSimulator([pod])
  const dataFolder = newDataFolder({
    bootMin: 0,
    idleAlertAfterMin: 0.05,
    autoStopAfterMin: 0.1,
    autoStopFirstWarningMin: 0.06,
    autoStopLastWarningMin: 0.02,
  })
  storeAppAccounts(dataFolder, [[runpod, {}]])
  const configPath = join(dataFolder, 'config.json')
  const config = JSON.parse(readFileSync(configPath, 'utf8'))
  const guards = { [accountIdAt(runpod)]: { autoStop: 'all', pods: {} } }
  writeFileSync(configPath, JSON.stringify({ ...config, guards }))
  const add = (kind: string, address: string) =>
    runCli({ args: ['channel', 'add', kind], dataFolder, input: `${address}\n` })
  expect((await add('ntfy', `${ntfy.origin}/my-topic`)).code).toBe(0)
  expect((await add('slack', `${slack.origin}/services/T0/B0/XXXX`)).code).toBe(0)

  const watch = startCli({
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: FULL_KEY, PATH: '/nonexistent' },
  })
  await vi.waitFor(() => expect(runpod.requests.map(({ action }) => action)).toContain('stop'), {
    timeout: 60_000,
  })
  const warnings = ntfy.received.filter(({ text }) => text.includes('will be stopped'))
  expect(warnings.length).toBeGreaterThanOrEqual(2)
  expect(warnings[0]?.payload).toMatchObject({
    priority: 5,
    actions: [{ action: 'view', url: 'https://console.runpod.io/pods?id=idle' }],
  })
  await watch.waitForOutput(/Slack doesn’t accept alerts: .*HTTP 404: no_service/)
  watch.child.kill('SIGTERM')
  await watch.exited
  const listed = await runCli({ args: ['channel', 'list', '--json'], dataFolder })
  const [phone, team] = JSON.parse(listed.stdout).channels
  expect(phone).toMatchObject({ name: 'ntfy', waiting: 0, lost: 0 })
  expect(team.waiting).toBeGreaterThanOrEqual(2)
  expect(team.failure).toContain('no_service')
})
