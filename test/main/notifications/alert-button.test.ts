import { describe, expect, test } from 'vitest'
import type { AlertButton, AlertKey } from '../../../src/core/alerts/alert'
import type { AlertActionResult } from '../../../src/core/guard/alert-actions'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { Queue } from '../../../src/core/queue/queue'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { AccountSession } from '../../../src/main/account/account-session-types'
import { handleAlertButton } from '../../../src/main/notifications/alert-button'

const ofPod: AlertKey = { kind: 'idle', accountId: 'account-1', podId: 'pod-1', episode: '1' }
const ofAccount: AlertKey = { kind: 'stops-waiting', accountId: 'account-1', podId: null, episode: '1' }

/** Nothing is asked of it. */
const noQueue = {} as Queue

/** What happens when `button` of the alert `key` is pressed, and the monitor answers with `result`. */
async function press(
  key: AlertKey,
  button: AlertButton,
  result: Result<AlertActionResult, string>,
  confirmed: Result<boolean, string> = ok(true),
) {
  const shown: (string | null)[] = []
  const failures: string[] = []
  let runs = 0
  const monitor = {
    podOfAlert: () => key.podId,
    recognizeAppearance: () => result.ok && result.value === 'done',
    runAlertAction() {
      runs += 1
      return result
    },
  } as unknown as Monitor
  const asked: string[] = []
  const withMonitor: AccountSession['withMonitor'] = (accountId, run) => {
    asked.push(accountId)
    return run(monitor)
  }
  await handleAlertButton({ withMonitor }, noQueue, key, button, {
    confirmStop(podKey) {
      expect(podKey).toBe('account-1/pod-1')
      return Promise.resolve(confirmed)
    },
    showPod: (podKey) => shown.push(podKey),
    notifyFailure: (done) => !done.ok && failures.push(done.error),
  })
  expect(new Set(asked)).toEqual(new Set(['account-1']))
  return { shown, failures, runs }
}

test.each<[AlertKey, AlertButton, Result<AlertActionResult, string>, (string | null)[], string[]]>([
  [ofPod, 'keep-on', ok('done'), [], []],
  [ofPod, 'keep-on', ok('stale'), ['account-1/pod-1'], []],
  [ofPod, 'stop', ok('done'), ['account-1/pod-1'], []],
  [ofAccount, 'stop-all', ok('done'), [null], []],
  [ofAccount, 'stop-all', ok('stale'), [null], []],
  [
    ofAccount,
    'stop-all',
    fail('pod-2: a stop is already under way.'),
    [null],
    ['pod-2: a stop is already under way.'],
  ],
])(
  'the button of %j, %s, with the result %j opens what can be undone or decided',
  async (key, button, result, shown, failures) => {
    expect(await press(key, button, result)).toEqual({ shown, failures, runs: 1 })
  },
)

test('a pod is recognized by a button, and shown if its alert is over', async () => {
  expect(await press(ofPod, 'was-me', ok('done'))).toEqual({ shown: [], failures: [], runs: 0 })
  expect(await press(ofPod, 'was-me', ok('stale'))).toEqual({
    shown: ['account-1/pod-1'],
    failures: [],
    runs: 0,
  })
})

test('a stop that was refused in the confirmation does nothing, and one that cannot be asked about is reported', async () => {
  expect(await press(ofPod, 'stop', ok('done'), ok(false))).toEqual({ shown: [], failures: [], runs: 0 })
  expect(await press(ofPod, 'stop', ok('done'), fail('It changed.'))).toEqual({
    shown: ['account-1/pod-1'],
    failures: ['It changed.'],
    runs: 0,
  })
  expect(await press(ofPod, 'keep-on', ok('done'), ok(false))).toMatchObject({ runs: 1 })
})

describe('the buttons of jobs', () => {
  const asked: string[] = []
  const queue = {
    requests: {
      runNextJob: async (key: string) => (asked.push(`run ${key}`), ok(undefined)),
      skipStart: (key: string) => (asked.push(`skip ${key}`), ok(undefined)),
    },
  } as unknown as Queue

  async function pressJob(button: AlertButton, podOfAlert: string | null) {
    asked.length = 0
    const shown: (string | null)[] = []
    const failures: string[] = []
    const monitor = { podOfAlert: () => podOfAlert } as unknown as Monitor
    await handleAlertButton({ withMonitor: (_accountId, run) => run(monitor) }, queue, ofPod, button, {
      confirmStop: () => Promise.resolve(ok(true)),
      showPod: (podKey) => shown.push(podKey),
      notifyFailure: (done) => !done.ok && failures.push(done.error),
    })
    return { asked: [...asked], shown, failures }
  }

  test('run the next job on the pod while the alert applies, and only show the pod afterwards', async () => {
    expect(await pressJob('run-next-job', 'pod-1')).toEqual({
      asked: ['run account-1/pod-1'],
      shown: [],
      failures: [],
    })
    expect(await pressJob('run-next-job', null)).toMatchObject({ asked: [], shown: ['account-1/pod-1'] })
  })

  test('skip an automatic start', async () => {
    expect(await pressJob('skip-job', 'pod-1')).toMatchObject({ asked: ['skip account-1/pod-1'] })
  })
})
