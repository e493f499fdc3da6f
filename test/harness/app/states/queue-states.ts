import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { Snapshot } from '../../../../src/core/view/snapshot'
import type { JobView, QueueView } from '../../../../src/core/queue/queue-view'
import { podKeyOf } from '../../../../src/core/pods/pod'
import { NOW_MS, snapshotOf } from '../../samples/pod-views'
import { jobSpec } from '../../samples/job-spec'
import { jobRun, jobView, queueView } from '../../samples/queue-views'
import { statePods as pod } from './state-pods'
import type { WindowState } from './window-states'

/* The Queue page in states that take long to reach, with fixed times. */

const acceptedKey = {
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDRsAYsLmFHqcJdX1Q',
  acceptedAtMs: NOW_MS - 2 * HOUR_MS,
}
const idleKey = podKeyOf('account', pod.idleLong.id)
const busyKey = pod.busy.key
const HOSTILE = `<img src=x onerror=alert(1)> \u202egnp.exe "=1+1" ${'W'.repeat(60)}`
const LONG = 'sft-llama-70b-with-a-name-of-sixty-characters-in-the-queue-1'

function withQueue(name: string, queue: Partial<QueueView>): WindowState {
  const snapshot: Snapshot = {
    ...snapshotOf([pod.busy, pod.idleLong, pod.creating], {
      account: {
        id: 'account',
        isDemo: false,
        host: 'api.runpod.io',
        keyStorage: 'system-keyring',
        isMonitorOnly: false,
      },
      listedAtMs: NOW_MS - 4_000,
    }),
    queue: queueView(queue),
  }
  return { name, window: 'main', snapshot }
}

const waiting = (id: string, name: string, over: Partial<JobView> = {}): JobView =>
  jobView({
    id,
    spec: jobSpec({ name }),
    fitsPodKeys: [idleKey],
    startablePodKeys: [idleKey],
    ...over,
  })

const needs = (gpuType: string | null, gpuCount: number, gpuMemoryGb: number | null) => ({
  gpuType,
  gpuCount,
  gpuMemoryGb,
  label: null,
  accountId: null,
})

const ended = (id: string, name: string, over: Partial<JobView> = {}): JobView =>
  jobView({
    id,
    spec: jobSpec({ name, resultGlobs: ['out/*'] }),
    state: 'passed',
    fitsPodKeys: [],
    startablePodKeys: [],
    phaseAtMs: NOW_MS - 25 * MINUTE_MS,
    run: jobRun({
      podKey: idleKey,
      podName: pod.idleLong.name,
      startedAtMs: NOW_MS - 123 * MINUTE_MS,
      endedAtMs: NOW_MS - 25 * MINUTE_MS,
      exitCode: 0,
      costUsd: 6.52,
    }),
    ...over,
  })

const running = (id: string, name: string, over: Partial<JobView> = {}): JobView =>
  jobView({
    id,
    spec: jobSpec({ name }),
    state: 'running',
    usuallyTakesMs: 8.88 * HOUR_MS,
    fitsPodKeys: [],
    startablePodKeys: [],
    run: jobRun({ podKey: busyKey }),
    ...over,
  })

export const queueStates = {
  full: withQueue('full', {
    jobs: [
      running('r', 'sft-epoch-3', { run: jobRun({ podKey: busyKey, acceptedKey }) }),
      waiting('a', 'planck-chain-13', {
        spec: jobSpec({ name: 'planck-chain-13', needs: needs(null, 1, 80) }),
      }),
      waiting('b', 'sdxl-lora-07', {
        spec: jobSpec({ name: 'sdxl-lora-07', needs: needs(null, 1, 24), priority: 'normal' }),
        usuallyTakesMs: 24 * MINUTE_MS,
        fitsPodKeys: [idleKey, busyKey],
        startablePodKeys: [idleKey],
      }),
      waiting('c', 'eval-mmlu-b', {
        spec: jobSpec({ name: 'eval-mmlu-b', needs: needs('A100', 2, null), priority: 'low' }),
        state: 'queued',
        fitsPodKeys: [],
        startablePodKeys: [],
        usuallyTakesMs: null,
      }),
      waiting('d', 'eval-after', { state: 'held', startablePodKeys: [] }),
      ended('x', 'planck-chain-12'),
      ended('y', 'sdxl-lora-06', {
        state: 'failed',
        statusText: 'It ended with exit code 1.',
        phaseAtMs: NOW_MS - 43 * MINUTE_MS,
        run: jobRun({
          podKey: podKeyOf('account', 'gone'),
          podName: 'comfy-scratch',
          startedAtMs: NOW_MS - 67 * MINUTE_MS,
          endedAtMs: NOW_MS - 43 * MINUTE_MS,
          exitCode: 1,
          costUsd: 0.28,
        }),
      }),
      ended('z', 'eval-mmlu-a', { state: 'canceled', resultsFetched: 0.4, phaseAtMs: NOW_MS - 26 * HOUR_MS }),
    ],
    suggestions: [{ podKey: idleKey, jobId: 'a' }],
  }),
  hostile: withQueue('hostile', {
    jobs: [
      running('r', HOSTILE, {
        state: 'unknown',
        run: jobRun({ unreachableSinceMs: NOW_MS - 4 * MINUTE_MS }),
      }),
      waiting('a', HOSTILE, {
        spec: jobSpec({ name: HOSTILE, priority: 'critical', needs: needs('x'.repeat(60), 8, 80) }),
      }),
      waiting('b', LONG, { state: 'blocked', statusText: `${LONG} didn’t pass.`, startablePodKeys: [] }),
      ended('x', HOSTILE, { state: 'failed', statusText: `${'x'.repeat(300)}.` }),
      ended('y', LONG),
    ],
    experiments: [
      {
        id: 'e',
        title: HOSTILE,
        computeMode: 'H100',
        priority: 'high',
        createdAtMs: NOW_MS - 3 * HOUR_MS,
        accountId: 'account',
        fitsIdlePod: true,
      },
    ],
  }),
  empty: withQueue('empty', {}),
  paused: withQueue('paused', {
    jobs: [waiting('a', 'planck-chain-13')],
    rules: { podKeys: [idleKey], accountIds: [], isPaused: true },
    readOnlyReason: 'Another Podkeeper acts on this data folder, so jobs can only be looked at here.',
  }),
  countdown: withQueue('countdown', {
    jobs: [waiting('a', 'planck-chain-13')],
    suggestions: [{ podKey: idleKey, jobId: 'a' }],
    countdowns: [{ podKey: idleKey, jobId: 'a', startsAtMs: NOW_MS + 42_000 }],
    rules: { podKeys: [], accountIds: ['account'], isPaused: false },
  }),
}
