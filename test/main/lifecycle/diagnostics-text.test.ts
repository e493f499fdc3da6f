import { expect, test } from 'vitest'
import { defaultSettings } from '../../../src/core/settings/settings'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { diagnosticsText } from '../../../src/main/lifecycle/diagnostics-text'
import { podView } from '../../harness/samples/pod-views'

const CANARY = 'Zq9canaryZq9canary'

const text = (snapshot = emptySnapshot(0, []), logLines: string[] = []) =>
  diagnosticsText({
    version: '0.1.0',
    platform: { Electron: '25.1.1', system: 'linux 6.1 x64' },
    settings: {
      ...defaultSettings,
      runpodBaseUrl: `https://me:${CANARY}@proxy.example/v2?api_key=${CANARY}`,
    },
    snapshot,
    logLines,
  })

test('diagnostics contain the platform, the state, the settings and the end of the log', () => {
  const snapshot = {
    ...emptySnapshot(100_000, []),
    listedAtMs: 88_000,
    pods: [podView(), podView({ id: 'pod-2', phase: 'stopped' as const })],
  }
  const said = text(snapshot, ['2026-11-24T14:05:00.000Z info  It starts'])
  for (const part of [
    'Podkeeper 0.1.0\n  Electron: 25.1.1\n',
    'pod list: 12 s old',
    'pods: 1 running, 1 stopped; gone: 0',
    'pollActiveS: 15',
    'Log\n  2026-11-24T14:05:00.000Z info  It starts\n',
  ])
    expect(said).toContain(part)
})

test('diagnostics contain no secrets and no pod names', () => {
  const snapshot = {
    ...emptySnapshot(0, []),
    connection: { kind: 'offline', sinceMs: 0, nextTryAtMs: 0, failure: `Bearer ${CANARY}` } as const,
    pods: [podView({ id: 'abcdef123', name: 'secret-project' })],
    gonePods: [
      {
        id: 'fedcba321',
        accountId: 'account',
        key: 'account/fedcba321' as const,
        name: 'old-project',
        goneAtMs: 0,
        how: 'vanished' as const,
      },
    ],
  }
  const said = text(snapshot, [
    `GET /v2/pods/abcdef123 of secret-project failed: rpa_${CANARY}`,
    'fedcba321, old-project, is gone',
  ])
  expect(said).not.toMatch(new RegExp(`${CANARY}|secret-project|abcdef123|old-project|fedcba321`))
  expect(said).toContain('GET /v2/pods/[pod 1] of [pod 1] failed')
})
