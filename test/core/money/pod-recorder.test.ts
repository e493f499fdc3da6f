import { expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { confirmedSpendUsd } from '../../../src/core/money/confirmed-spend'
import { createPodRecorder } from '../../../src/core/money/pod-recorder'
import { createTrustedClock } from '../../../src/core/money/trusted-clock'
import { createFleet } from '../../../src/core/polling/fleet'
import { activityRulesOf, defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock, START_MS } from '../../harness/base/fake-clock'
import { memoryFiles, openLedger } from '../../harness/money/ledger-fixture'
import { pod, telemetry } from '../../harness/samples/pods'

const disks = { containerDiskGb: 0, persistentMount: null, startedAtMs: START_MS - HOUR_MS }

/** One program that polls a pod at $2/hr, which has run for an hour at the start. */
function program(files: ReturnType<typeof memoryFiles>, fromMs: number) {
  const clock = createFakeClock(fromMs)
  const ledger = openLedger(files)
  const fleet = createFleet(
    () => activityRulesOf(defaultSettings),
    () => null,
  )
  const recorder = createPodRecorder(createTrustedClock(clock), ledger, () => 60 * SECOND_MS)
  return {
    poll(hasTelemetry: boolean) {
      clock.advance(15 * SECOND_MS)
      const at = clock.now()
      const uptimeS = Math.floor((at.wallMs - disks.startedAtMs) / SECOND_MS)
      const shown = pod({ ...disks, telemetry: hasTelemetry ? telemetry({ uptimeS }) : null })
      const listed = fleet.applyList({ pods: [shown], isComplete: true }, fleet.stampRequest(at))
      recorder.record({ at, listed, observed: fleet.observedPods(at), isComplete: true })
      const { uptimeMs } = fleet.observedPod('pod-1', at)!
      return confirmedSpendUsd(ledger, shown, uptimeMs, at.wallMs)
    },
    end: () => ledger.save(),
  }
}

test('a first list without telemetry after a restart does not keep the time before it from being confirmed', () => {
  const files = memoryFiles()
  const first = program(files, START_MS)
  for (let poll = 0; poll < 8; poll++) first.poll(true)
  first.end()
  const next = program(files, START_MS + 2 * HOUR_MS)
  // How long it has run is not known yet.
  expect(next.poll(false)).toBeLessThan(0.1)
  expect(next.poll(true)).toBeGreaterThan(5.9)
})
