import { expect, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { TrayCommand } from '../../../src/core/view/tray/tray-menu'
import { runTrayCommand, type TrayDependencies } from '../../../src/main/tray/tray-commands'

function dependenciesWith(result: Result<void, string>) {
  const calls: unknown[][] = []
  const call =
    <T>(name: string, value: T) =>
    (...args: unknown[]): T => {
      calls.push([name, ...args])
      return value
    }
  const notifyFailure = vi.fn()
  const dependencies: TrayDependencies = {
    session: { undo: call('undo', result) },
    podRequests: {
      act: call('act', Promise.resolve(result)),
      startWhenFree: call('startWhenFree', result),
      keepOn: call('keepOn', Promise.resolve(result)),
    },
    store: {
      changeSettings: call(
        'changeSettings',
        ok(undefined),
      ) as unknown as TrayDependencies['store']['changeSettings'],
    },
    windows: { showPopover: call('showPopover', undefined), showMain: call('showMain', undefined) },
    showPod: call('showPod', undefined),
    stopIdle: call('stopIdle', Promise.resolve(result)),
    confirmTerminate: call('confirmTerminate', Promise.resolve(result)),
    openTerminal: call('openTerminal', result),
    runJob: call('runJob', Promise.resolve(result)),
    pauseAlerts: call('pauseAlerts', undefined),
    resumeAlerts: call('resumeAlerts', undefined),
    quit: call('quit', undefined),
    notifyFailure,
  }
  return { dependencies, calls, notifyFailure }
}

test.each<[TrayCommand, readonly unknown[]]>([
  [{ kind: 'act', podKey: 'a/p', action: 'stop' }, ['act', 'a/p', 'stop']],
  [{ kind: 'wait-for-gpu', podKey: 'a/p' }, ['startWhenFree', 'a/p']],
  [{ kind: 'stop-idle' }, ['stopIdle']],
  [{ kind: 'undo', intentId: 'i' }, ['undo', 'i']],
  [{ kind: 'keep-on', podKey: 'a/p', choice: '1-hour' }, ['keepOn', 'a/p', '1-hour']],
  [{ kind: 'end-keep-on', podKey: 'a/p' }, ['keepOn', 'a/p', null]],
  [{ kind: 'pause-auto-stops' }, ['changeSettings', { areAutoStopsPaused: true }]],
  [{ kind: 'resume-auto-stops' }, ['changeSettings', { areAutoStopsPaused: false }]],
  [{ kind: 'ask-terminate', podKey: 'a/p' }, ['confirmTerminate', 'a/p']],
  [{ kind: 'open-terminal', podKey: 'a/p' }, ['openTerminal', 'a/p']],
  [{ kind: 'run-job', podKey: 'a/p', jobId: 'j' }, ['runJob', 'j', 'a/p']],
  [{ kind: 'show-pod', podKey: 'a/p' }, ['showPod', 'a/p']],
  [{ kind: 'pause-alerts' }, ['pauseAlerts']],
  [{ kind: 'resume-alerts' }, ['resumeAlerts']],
  [{ kind: 'open' }, ['showPopover']],
  [{ kind: 'open-window', page: 'settings' }, ['showMain', 'settings']],
  [{ kind: 'quit' }, ['quit']],
])('the tray command %o does one thing', async (command, expected) => {
  const { dependencies, calls } = dependenciesWith(ok(undefined))
  await runTrayCommand(command, dependencies)
  expect(calls).toEqual([expected])
})

test.each<TrayCommand>([
  { kind: 'act', podKey: 'a/p', action: 'stop' },
  { kind: 'ask-terminate', podKey: 'a/p' },
  { kind: 'open-terminal', podKey: 'a/p' },
  { kind: 'run-job', podKey: 'a/p', jobId: 'j' },
])('a tray command that fails is reported with its pod: %o', async (command) => {
  const { dependencies, notifyFailure } = dependenciesWith(fail('It is gone.'))
  await runTrayCommand(command, dependencies)
  expect(notifyFailure.mock.calls).toEqual([[fail('It is gone.'), 'a/p']])
})
