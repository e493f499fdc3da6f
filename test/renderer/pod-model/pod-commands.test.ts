import { expect, test, vi } from 'vitest'
import { noGuard } from '../../../src/core/guard/guard-view'
import { ok } from '../../../src/core/base/result'
import { podCommands, runPodCommand } from '../../../src/renderer/pod-model/pod-commands'
import { createMirror } from '../../../src/renderer/state/snapshot-store'
import type { Bridge } from '../../../src/shared/ipc'
import { NOW_MS, podView } from '../../harness/pod-views'

const kinds = (over: Parameters<typeof podView>[0]) => [
  ...new Set(podCommands(podView(over)).map(({ kind }) => kind)),
]
const intent = {
  id: 'i',
  podId: 'pod-1',
  action: 'stop',
  origin: 'person',
  undoUntilMs: null,
  waitsForGpu: false,
  nextTryAtMs: null,
  canWaitForGpu: false,
  message: null,
  atMs: 0,
} as const

test('a pod offers what it allows itself', () => {
  expect(kinds({ actions: ['stop', 'restart', 'terminate'] })).toEqual([
    'terminal',
    'stop',
    'restart',
    'terminate',
    'keep-on',
    'rules',
    'show-activity',
  ])
  expect(kinds({ phase: 'stopped', sshRoute: null, actions: ['start', 'terminate'] })).toEqual([
    'start',
    'terminate',
    'rules',
    'show-activity',
  ])
  expect(kinds({ clusterId: 'c', sshRoute: null, actions: [] })).toEqual(['show-activity'])
})

test('while an action is on its way no other is offered, but the pod may be used and kept on', () => {
  expect(kinds({ actions: ['stop'], intent: { ...intent, phase: 'sent' } })).toEqual([
    'terminal',
    'keep-on',
    'rules',
    'show-activity',
  ])
  expect(kinds({ actions: ['stop'], intent: { ...intent, phase: 'failed' } })).toEqual([
    'terminal',
    'stop',
    'keep-on',
    'rules',
    'show-activity',
  ])
})

test('a start that failed for want of a GPU may wait for one', () => {
  const failed = { ...intent, action: 'start', phase: 'failed', canWaitForGpu: true } as const
  expect(kinds({ phase: 'stopped', actions: ['start'], intent: failed })).toContain('start-when-free')
})

test('what is kept on can be let go, even when it does not run any more', () => {
  const guard = { ...noGuard, keepOn: { sinceMs: NOW_MS, untilMs: null } }
  expect(kinds({ phase: 'stopped', sshRoute: null, actions: [], guard })).toEqual([
    'end-keep-on',
    'rules',
    'show-activity',
  ])
})

test('each command is one request for that pod', async () => {
  const request = () => vi.fn((..._args: unknown[]) => Promise.resolve(ok(undefined)))
  const names = [
    'openTerminal',
    'stopPod',
    'startPod',
    'restartPod',
    'askTerminate',
    'keepOn',
    'endKeepOn',
    'startWhenFree',
  ] as const
  const requests = Object.fromEntries(names.map((name) => [name, request()])) as Record<
    (typeof names)[number],
    ReturnType<typeof request>
  >
  const bridge = requests as unknown as Bridge
  const parts = { bridge, mirror: createMirror(bridge), goTo: vi.fn() }
  for (const kind of [
    'terminal',
    'stop',
    'start',
    'restart',
    'terminate',
    'end-keep-on',
    'start-when-free',
  ] as const)
    await runPodCommand(parts, podView(), { kind })
  await runPodCommand(parts, podView(), { kind: 'keep-on', choice: 'morning' })
  expect(names.map((name) => requests[name].mock.calls)).toEqual([
    [['pod-1']],
    [['pod-1']],
    [['pod-1']],
    [['pod-1']],
    [['pod-1']],
    [['pod-1', 'morning']],
    [['pod-1']],
    [['pod-1']],
  ])
  await runPodCommand(parts, podView(), { kind: 'rules' })
  expect(parts.mirror.store.getState().dialog).toEqual({ kind: 'rules', podId: 'pod-1' })
  await runPodCommand(parts, podView(), { kind: 'show-activity' })
  expect(parts.goTo).toHaveBeenCalledWith('activity', 'pod-1')
})
