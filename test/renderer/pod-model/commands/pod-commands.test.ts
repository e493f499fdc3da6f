import { expect, test, vi } from 'vitest'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { ok } from '../../../../src/core/base/result'
import {
  canKeepOn,
  podCommands,
  runPodCommand,
} from '../../../../src/renderer/pod-model/commands/pod-commands'
import { createSnapshotStore } from '../../../../src/renderer/state/snapshot-store'
import type { Bridge } from '../../../../src/shared/ipc'
import { NOW_MS, podView, intentView } from '../../../harness/samples/pod-views'

const commandKinds = (overrides: Parameters<typeof podView>[0]) => [
  ...new Set(podCommands(podView(overrides)).map(({ kind }) => kind)),
]
const intent = intentView()

test('files are offered where a pod has direct SSH', () => {
  expect(commandKinds({ sshRoute: 'direct' })).toContain('files')
  for (const sshRoute of ['proxy', null] as const) expect(commandKinds({ sshRoute })).not.toContain('files')
})

test('a pod offers the commands that its actions allow', () => {
  expect(commandKinds({ actions: ['stop', 'restart', 'terminate'] })).toEqual([
    'terminal',
    'stop',
    'restart',
    'terminate',
    'keep-on',
    'open',
    'ports',
    'files',
    'edit-with',
    'rules',
    'edit',
    'lock',
    'like',
    'rebuild',
    'show-activity',
  ])
  expect(commandKinds({ phase: 'stopped', sshRoute: null, actions: ['start', 'terminate'] })).toEqual([
    'start',
    'terminate',
    'open',
    'rules',
    'edit',
    'lock',
    'like',
    'rebuild',
    'show-activity',
  ])
  expect(commandKinds({ clusterId: 'c', sshRoute: null, actions: [] })).toEqual([
    'open',
    'ports',
    'show-activity',
  ])
})

test('with a pod that was not listed in this run nothing can be done', () => {
  const pod = { isFromLastRun: true, actions: ['stop', 'restart', 'terminate'] } as const
  expect(commandKinds(pod)).toEqual(['open', 'show-activity'])
  expect(canKeepOn(podView(pod))).toBe(false)
  expect(canKeepOn(podView())).toBe(true)
})

test('a pod with an action in progress offers no other action, but can be used and kept on', () => {
  expect(commandKinds({ actions: ['stop'], intent: { ...intent, phase: 'sent' } })).toEqual([
    'terminal',
    'keep-on',
    'open',
    'ports',
    'files',
    'edit-with',
    'rules',
    'like',
    'rebuild',
    'show-activity',
  ])
  expect(commandKinds({ actions: ['stop'], intent: { ...intent, phase: 'failed' } })).toEqual([
    'terminal',
    'stop',
    'keep-on',
    'open',
    'ports',
    'files',
    'edit-with',
    'rules',
    'edit',
    'lock',
    'like',
    'rebuild',
    'show-activity',
  ])
})

test('a start that failed because no GPU was free offers to wait for one', () => {
  const failed = { ...intent, action: 'start', phase: 'failed', canWaitForGpu: true } as const
  expect(commandKinds({ phase: 'stopped', actions: ['start'], intent: failed })).toContain('start-when-free')
})

test('a pod that is kept on offers to end that, even when it no longer runs', () => {
  const guard = { ...noGuard, keepOn: { sinceMs: NOW_MS, untilMs: null } }
  expect(commandKinds({ phase: 'stopped', sshRoute: null, actions: [], guard })).toEqual([
    'end-keep-on',
    'open',
    'rules',
    'edit',
    'lock',
    'like',
    'rebuild',
    'show-activity',
  ])
})

test('a locked pod offers to unlock it, and one whose lock is not known neither; pods of labs are changed there', () => {
  const kinds = (overrides: Parameters<typeof podView>[0]) =>
    commandKinds(overrides).filter((kind) => ['edit', 'lock', 'unlock'].includes(kind))
  expect(kinds({ isLocked: true })).toEqual(['edit', 'unlock'])
  expect(kinds({ isLocked: false })).toEqual(['edit', 'lock'])
  expect(kinds({ isLocked: null })).toEqual(['edit'])
  expect(kinds({ phase: 'terminated' })).toEqual([])
  const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
  expect(kinds({ managed })).toEqual([])
})

test('a lock is one request, and its outcome is reported', async () => {
  const editPod = vi.fn((_podKey: string, { isLocked }: { isLocked: boolean }, _shown: null) =>
    Promise.resolve(
      ok(isLocked ? { kind: 'done', message: 'It was locked.' } : { kind: 'refused', message: 'No.' }),
    ),
  )
  const bridge = { editPod } as unknown as Bridge
  const services = { bridge, snapshotStore: createSnapshotStore(bridge), navigate: vi.fn() }
  await runPodCommand(services, podView(), { kind: 'lock' })
  await runPodCommand(services, podView(), { kind: 'unlock' })
  expect(editPod.mock.calls).toEqual([
    ['account/pod-1', { isLocked: true }, null],
    ['account/pod-1', { isLocked: false }, null],
  ])
  const { toasts } = services.snapshotStore.store.getState()
  expect(toasts.map(({ tone, text }) => [tone, text])).toEqual([
    ['ok', 'It was locked.'],
    ['bad', 'No.'],
  ])
  await runPodCommand(services, podView(), { kind: 'edit' })
  expect(services.snapshotStore.store.getState().dialog).toEqual({ kind: 'edit', podKey: 'account/pod-1' })
})

test('each command sends one request for its pod', async () => {
  const request = () => vi.fn((..._args: unknown[]) => Promise.resolve(ok(undefined)))
  const names = ['openTerminal', 'act', 'confirmTerminate', 'keepOn', 'endKeepOn', 'startWhenFree'] as const
  const requests = Object.fromEntries(names.map((name) => [name, request()])) as Record<
    (typeof names)[number],
    ReturnType<typeof request>
  >
  const bridge = requests as unknown as Bridge
  const services = { bridge, snapshotStore: createSnapshotStore(bridge), navigate: vi.fn() }
  for (const kind of [
    'terminal',
    'stop',
    'start',
    'restart',
    'terminate',
    'end-keep-on',
    'start-when-free',
  ] as const)
    await runPodCommand(services, podView(), { kind })
  await runPodCommand(services, podView(), { kind: 'keep-on', choice: 'morning' })
  expect(names.map((name) => requests[name].mock.calls)).toEqual([
    [['account/pod-1']],
    [
      ['account/pod-1', 'stop'],
      ['account/pod-1', 'start'],
      ['account/pod-1', 'restart'],
    ],
    [['account/pod-1']],
    [['account/pod-1', 'morning']],
    [['account/pod-1']],
    [['account/pod-1']],
  ])
  await runPodCommand(services, podView(), { kind: 'rules' })
  expect(services.snapshotStore.store.getState().dialog).toEqual({ kind: 'rules', podKey: 'account/pod-1' })
  await runPodCommand(services, podView(), { kind: 'show-activity' })
  expect(services.navigate).toHaveBeenCalledWith('activity', 'account/pod-1')
})
