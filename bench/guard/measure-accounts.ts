import type { Measurement } from '../measurement'
import { PODS_PER_ACCOUNT, runSimulations } from './run-simulations'

/** As many pods as accounts of one program are simulated with. */
const PROGRAMS = 200
export const ACCOUNTS_PER_PROGRAM = 3

/**
 * Simulates programs with three accounts each, whose pods have the same ids. Each account is judged by itself, so a
 * rule, a budget, a mark or a limit that crosses over breaks one of its rules.
 */
export async function measureGuardAccounts(): Promise<readonly Measurement[]> {
  const startedAtMs = performance.now()
  const { tally } = await runSimulations(2_000_001, PROGRAMS, 'whole', ACCOUNTS_PER_PROGRAM)
  const tookS = (performance.now() - startedAtMs) / 1_000
  const figures = [
    ['programs with three accounts', PROGRAMS],
    ['pods of theirs', PROGRAMS * ACCOUNTS_PER_PROGRAM * PODS_PER_ACCOUNT],
    ['their samples judged', tally.samples],
    ['their idle alerts that had to come, and came', tally.idleAlertsDue],
    ['their automatic stops of quiet pods that had to come', tally.automaticStopsDue],
    ['their automatic stops that came', tally.automaticStops],
    ['their stops at maximum hours that came', tally.stopsAtMaxHours],
    ['their stops at a budget that came', tally.stopsAtBudget],
    ['their stops and restarts that a person asked for', tally.userActionsSent],
  ] as const
  return [
    ...figures.map(([name, value]) => measurement(name, '', value)),
    measurement('time that three accounts each took', 's', tookS),
  ]
}

const measurement = (name: string, unit: string, value: number): Measurement => ({
  group: 'guard',
  name,
  unit,
  value,
  spread: null,
  baseline: null,
  beside: null,
  goal: null,
})
