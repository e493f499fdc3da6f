import { fail, ok, type Result } from '../../../core/base/result'
import type { DemoCommand } from '../../../shared/ipc'
import type { Demo } from '../../../simulator/demo'

/** What concerns the simulator alone. */
type SimulatorCommand = Exclude<DemoCommand, 'add-lab' | 'remove-lab'>

/** Makes something happen in the demo that would normally take hours; fails without a demo. */
export function runDemoCommand(demo: Demo | null, command: SimulatorCommand): Result<void, string> {
  if (demo === null) return fail('There is no demo to control.')
  const steps: { readonly [K in SimulatorCommand]: () => void } = {
    'make-idle': () => demo.makeIdle(),
    'make-busy': () => demo.makeBusy(),
    'break-network': () => demo.breakNetwork(),
    'restore-network': () => demo.restoreNetwork(),
    'empty-balance': () => demo.emptyBalance(),
    'top-up': () => demo.topUp(),
    'speed-1': () => demo.setTimeFactor(1),
    'speed-60': () => demo.setTimeFactor(60),
    'speed-600': () => demo.setTimeFactor(600),
  }
  return ok(steps[command]())
}
