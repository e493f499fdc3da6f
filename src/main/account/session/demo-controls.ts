import type { DemoCommand } from '../../../shared/demo-commands'
import type { Demo } from '../../../simulator/demo'

/** The seconds of the demo in one real second. */
const factors = { 'speed-1': 1, 'speed-60': 60, 'speed-600': 600 } as const
type SpeedCommand = keyof typeof factors

export const isSpeedCommand = (command: DemoCommand): command is SpeedCommand =>
  Object.hasOwn(factors, command)
export const factorOf = (command: SpeedCommand): number => factors[command]

/** What concerns the simulator alone. */
type SimulatedEvent = Exclude<
  DemoCommand,
  SpeedCommand | 'add-lab' | 'remove-lab' | 'start-tour' | 'end-tour'
>

/** Makes something happen in the demo that would normally take hours. */
export function runSimulatorCommand(demo: Demo, command: SimulatedEvent): void {
  const steps: { readonly [K in SimulatedEvent]: () => void } = {
    'make-idle': () => demo.makeIdle(),
    'make-busy': () => demo.makeBusy(),
    'break-network': () => demo.breakNetwork(),
    'restore-network': () => demo.restoreNetwork(),
    'empty-balance': () => demo.emptyBalance(),
    'top-up': () => demo.topUp(),
  }
  steps[command]()
}
