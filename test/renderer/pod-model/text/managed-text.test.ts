import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { QueuedExperiment } from '../../../../src/core/pods/provider'
import { queuedText, serviceRemarks, webAppText } from '../../../../src/renderer/pod-model/text/managed-text'

const NOW = Date.UTC(2026, 10, 26, 12)
const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
const texts = (over: object, phase: 'running' | 'stopped' = 'running') =>
  serviceRemarks({ phase, managed: { ...managed, ...over } }, NOW).map(({ text }) => text)

describe('what Hubify does to a pod', () => {
  test('is shown with the time that is left, soonest first', () => {
    expect(texts({ stopsAtMs: NOW + 3 * HOUR_MS, terminatesAtMs: NOW + 80 * MINUTE_MS })).toEqual([
      'Hubify terminates it in 1 h 20 min: its maximum runtime',
      'Hubify stops it in 3 h if it stays idle',
    ])
    expect(texts({ terminatesAtMs: NOW - 1 })).toEqual([
      'Hubify terminates it any moment now: its maximum runtime',
    ])
  })

  test('is nothing where it says nothing, and for a pod that does not run', () => {
    expect(texts({})).toEqual([])
    expect(texts({ stopsAtMs: NOW + HOUR_MS }, 'stopped')).toEqual([])
    expect(serviceRemarks({ phase: 'running' }, NOW)).toEqual([])
  })
})

describe('what only the web app can do', () => {
  const pod = { phase: 'running', sshRoute: null, actions: ['stop'] } as const
  test('is named, and nothing else', () => {
    expect(webAppText(pod, ['ssh', 'terminate', 'create'])).toBe(
      'SSH and terminate are in Hubify’s web app for now.',
    )
    expect(webAppText({ ...pod, sshRoute: 'direct' }, ['ssh', 'terminate'])).toBe(
      'Terminate is in Hubify’s web app for now.',
    )
    expect(webAppText({ ...pod, actions: ['terminate'] }, ['ssh'])).toBe(
      'SSH is in Hubify’s web app for now.',
    )
  })
  test('is nothing for a pod at Runpod, and for a terminated one', () => {
    expect(webAppText(pod, undefined)).toBeNull()
    expect(webAppText(pod, [])).toBeNull()
    expect(webAppText({ ...pod, phase: 'terminated' }, ['terminate'])).toBeNull()
  })
})

describe('an experiment in the queue', () => {
  const queued = (title: string, computeMode: string | null): QueuedExperiment => ({
    id: title,
    title,
    computeMode,
    priority: 'normal',
    createdAtMs: null,
  })
  const idle = {
    activity: { kind: 'idle', sinceMs: NOW, idleForMs: 0 } as never,
    gpuName: 'H200 SXM',
  }
  test('is suggested for an idle pod with its GPU', () => {
    expect(queuedText(idle, [queued('A', 'A100'), queued('B', 'H200'), queued('C', 'H200')])).toBe(
      'Waiting for such a GPU: B, and 1 more.',
    )
  })
  test('is not suggested for another GPU, without one, or for a busy pod', () => {
    expect(queuedText(idle, [queued('A', 'A100'), queued('B', 'CPU'), queued('C', null)])).toBeNull()
    expect(queuedText({ ...idle, gpuName: null }, [queued('B', 'H200')])).toBeNull()
    expect(queuedText({ ...idle, gpuName: 'A100 SXM' }, [queued('B', 'A10')])).toBeNull()
    expect(
      queuedText({ ...idle, activity: { kind: 'busy', by: 'gpu' } as never }, [queued('B', 'H200')]),
    ).toBeNull()
  })
})
