import { expect, test } from 'vitest'
import type { AlertButton, AlertKey } from '../../../src/core/alerts/alert'
import type { AlertActionResult } from '../../../src/core/guard/alert-actions'
import type { Monitor } from '../../../src/core/monitor-types'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { handleAlertButton } from '../../../src/main/notifications/alert-button'

const ofPod: AlertKey = { kind: 'idle', accountId: 'account-1', podId: 'pod-1', episode: '1' }
const ofAccount: AlertKey = { kind: 'stops-waiting', accountId: 'account-1', podId: null, episode: '1' }

/** What happens when `button` of the alert `key` is pressed, and the monitor answers with `result`. */
function press(key: AlertKey, button: AlertButton, result: Result<AlertActionResult, string>) {
  const shown: (string | null)[] = []
  const failures: string[] = []
  const monitor = { runAlertAction: () => result } as unknown as Monitor
  handleAlertButton({ withMonitor: (run) => run(monitor) }, key, button, {
    showPod: (podId) => shown.push(podId),
    notifyFailure: (done) => !done.ok && failures.push(done.error),
  })
  return { shown, failures }
}

test.each<[AlertKey, AlertButton, Result<AlertActionResult, string>, (string | null)[], string[]]>([
  [ofPod, 'keep-on', ok('done'), [], []],
  [ofPod, 'keep-on', ok('stale'), ['pod-1'], []],
  [ofPod, 'stop', ok('done'), ['pod-1'], []],
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
  (key, button, result, shown, failures) => {
    expect(press(key, button, result)).toEqual({ shown, failures })
  },
)
