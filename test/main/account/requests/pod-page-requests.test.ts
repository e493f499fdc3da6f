import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOUR_MS } from '../../../../src/core/base/time/time'
import { fail, ok } from '../../../../src/core/base/result'
import type { Pod } from '../../../../src/core/pods/pod'
import type { Snapshot } from '../../../../src/core/view/snapshot'
import { createPodPage, type PodPageOptions } from '../../../../src/main/account/requests/pod-page-requests'
import { parsePodPortUrl } from '../../../../src/main/hardening/external-url'
import { createUsageHistories } from '../../../../src/node/usage-histories'
import { NOW_MS } from '../../../harness/samples/pod-views'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import { usageSample } from '../../../harness/samples/usage-history'

function page(pods: readonly Pod[] = [pod({ id: 'k7q2' })], entry: object = { isDemo: false }) {
  const opened: string[] = []
  const asked: string[] = []
  const answers = { agrees: true }
  let nowMs = NOW_MS
  let reads = 0
  const environment = { TOKEN: 'secret-value' }
  const configuration = { image: 'runpod/pytorch:2.8', ports: ['8888/http', '22/tcp'], environment }
  const usageHistories = createUsageHistories({
    dataFolder: mkdtempSync(join(tmpdir(), 'podkeeper-page-')),
    mayWrite: () => true,
    nowMs: () => nowMs,
    onProblem: () => {},
  })
  const isAccount = (id: string): boolean => id === 'account'
  const session = {
    monitor: (id: string) => (isAccount(id) ? { accountPods: () => ({ accountId: id, pods }) } : null),
    provider: (id: string) =>
      isAccount(id)
        ? {
            readPodConfiguration: async () => {
              reads += 1
              return reads > 5 ? fail({ kind: 'unreachable' }) : ok(configuration)
            },
          }
        : null,
    snapshot: () =>
      ({ accounts: [{ entry: { id: 'account', ...entry }, account: null }] }) as unknown as Snapshot,
  } as unknown as PodPageOptions['session']
  const podPage = createPodPage({
    session,
    usageHistories,
    ask: async ({ text }) => {
      asked.push(text.title, ...text.lines.map((line) => line.text))
      return Promise.resolve(ok(answers.agrees ? '' : null))
    },
    nameOf: () => 'Lab',
    openInBrowser: async (address) => void opened.push(address),
    nowMs: () => nowMs,
  })
  return {
    podPage,
    opened,
    asked,
    answers,
    usageHistories,
    reads: () => reads,
    pass: (ms: number) => (nowMs += ms),
  }
}

test('details have what the page needs and no value of the environment', async () => {
  const { podPage } = page()
  const details = await podPage.podDetails('account/k7q2')
  expect(details).toMatchObject({
    ok: true,
    value: {
      image: 'runpod/pytorch:2.8',
      ports: ['8888/http', '22/tcp'],
      sshCommand: 'ssh -p 11452 root@203.0.113.7',
      persistentMount: { sizeGb: 100, path: '/workspace' },
    },
  })
  expect(JSON.stringify(details)).not.toContain('secret-value')
})

test('a stopped pod has no SSH command, and one that is not listed has no details', async () => {
  const { podPage } = page([stoppedPod({ id: 'k7q2' })])
  expect(await podPage.podDetails('account/k7q2')).toMatchObject({
    value: { sshCommand: null, sshConfig: null },
  })
  expect((await podPage.podDetails('account/nobody')).ok).toBe(false)
  expect((await podPage.podDetails('other/k7q2')).ok).toBe(false)
})

test('a set-up is read once a minute, and what cannot be read is not known', async () => {
  const { podPage, reads, pass } = page()
  for (let time = 0; time < 3; time++) await podPage.podDetails('account/k7q2')
  expect(reads()).toBe(1)
  for (let time = 0; time < 5; time++) {
    pass(61_000)
    await podPage.podDetails('account/k7q2')
  }
  expect(reads()).toBe(6)
  expect(await podPage.podDetails('account/k7q2')).toMatchObject({ value: { image: null, ports: null } })
})

test('a set-up is asked for once by all who want it now, and again for each run of a pod', async () => {
  const pods = [pod({ id: 'k7q2', startedAtMs: 1 })]
  const { podPage, reads } = page(pods)
  await Promise.all([podPage.podDetails('account/k7q2'), podPage.openPodPort('account/k7q2', 8_888)])
  expect(reads()).toBe(1)
  pods[0] = pod({ id: 'k7q2', startedAtMs: 2 })
  await podPage.podDetails('account/k7q2')
  await podPage.podDetails('account/k7q2')
  expect(reads()).toBe(2)
  pods[0] = stoppedPod({ id: 'k7q2', startedAtMs: 2 })
  await podPage.podDetails('account/k7q2')
  expect(reads()).toBe(3)
})

test('a port is opened through Runpod’s proxy, if the pod serves it over HTTP', async () => {
  const { podPage, opened } = page()
  expect((await podPage.openPodPort('account/k7q2', 8_888)).ok).toBe(true)
  expect(opened).toEqual(['https://k7q2-8888.proxy.runpod.net/'])
  for (const [key, port] of [
    ['account/k7q2', 22],
    ['account/k7q2', 8_889],
    ['account/nobody', 8_888],
    ['other/k7q2', 8_888],
  ] as const)
    expect((await podPage.openPodPort(key, port)).ok).toBe(false)
  for (const entry of [{ isDemo: true }, { isDemo: false, provider: 'hubify' }])
    expect((await page([pod({ id: 'k7q2' })], entry).podPage.openPodPort('account/k7q2', 8_888)).ok).toBe(
      false,
    )
  const hostile = 'evil.example/x?'
  expect((await page([pod({ id: hostile })]).podPage.openPodPort(`account/${hostile}`, 8_888)).ok).toBe(false)
  expect(opened).toHaveLength(1)
})

test('the first opening of a pod’s page is asked about with its address, and a refused one opens nothing', async () => {
  const { podPage, opened, asked, answers } = page()
  answers.agrees = false
  expect(await podPage.openPodPort('account/k7q2', 8_888)).toEqual(ok(undefined))
  expect(opened).toEqual([])
  expect(asked).toContain('Pod k7q2 in your account Lab')
  expect(asked).toContain('https://k7q2-8888.proxy.runpod.net/')
  answers.agrees = true
  asked.splice(0)
  for (let time = 0; time < 3; time++) await podPage.openPodPort('account/k7q2', 8_888)
  expect(opened).toHaveLength(3)
  expect(asked.filter((text) => text.startsWith('https:'))).toHaveLength(1)
})

test('only the proxy’s own addresses pass as those of a port', () => {
  expect(parsePodPortUrl('https://k7q2-8888.proxy.runpod.net/').ok).toBe(true)
  for (const address of [
    'http://k7q2-8888.proxy.runpod.net/',
    'https://k7q2-8888.proxy.runpod.net.evil.example/',
    'https://evil.example/.proxy.runpod.net/',
    'https://a@k7q2-8888.proxy.runpod.net/',
    'https://k7q2-8888.proxy.runpod.net/path',
    'https://k7q2-8888.proxy.runpod.net:8080/',
    'file:///etc/passwd',
  ])
    expect(parsePodPortUrl(address).ok, address).toBe(false)
})

test('a history is read in the detail that is asked for, and no more time than that allows', async () => {
  const { podPage, usageHistories } = page()
  usageHistories.of('account', true).record([usageSample({ podId: 'k7q2', atMs: NOW_MS })])
  const read = (key: `${string}/${string}`, detail: 'sample' | 'hour', spanMs: number) =>
    podPage.podUsage(key, NOW_MS - spanMs, NOW_MS + 1, detail)
  const sample = await read('account/k7q2', 'sample', HOUR_MS)
  expect(sample.ok && [...sample.value.atMs]).toEqual([NOW_MS])
  const hour = await read('account/k7q2', 'hour', 48 * HOUR_MS)
  expect(hour.ok && [...hour.value.figures.gpu.mean]).toEqual([94])
  expect((await read('account/k7q2', 'sample', 48 * HOUR_MS)).ok).toBe(false)
  expect((await read('account/k7q2', 'sample', -HOUR_MS)).ok).toBe(false)
  expect((await read('other/k7q2', 'sample', HOUR_MS)).ok).toBe(false)
  const other = await read('account/nobody', 'sample', HOUR_MS)
  expect(other.ok && other.value.atMs.length).toBe(0)
})
