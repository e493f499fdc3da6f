import type { Controls } from './controls'

/** What can be made to happen to a running simulator, by name. */
export const scenarios = {
  calm: { says: 'ends all faults', run: (controls) => controls.clearFaults() },
  idle: { says: 'every running pod idles from now on', run: everyPod({ mode: 'idle' }) },
  busy: { says: 'every running pod works from now on', run: everyPod({ mode: 'training' }) },
  'no-telemetry': {
    says: 'running pods show no figures',
    run: everyPod({ mode: 'telemetry-missing' }),
  },
  offline: { says: 'connections break', run: (controls) => controls.fault({ kind: 'reset-before' }) },
  slow: {
    says: 'answers come 8 s late',
    run: (controls) => controls.fault({ kind: 'slow', delayMs: 8_000 }),
  },
  'key-refused': { says: 'the key is refused', run: (controls) => controls.fault({ kind: 'unauthorized' }) },
  firewall: {
    says: 'a firewall answers instead',
    run: (controls) => controls.fault({ kind: 'forbidden-html' }),
  },
  'rate-limited': {
    says: 'the quota is used up',
    run: (controls) => controls.fault({ kind: 'rate-limited', retryAfterS: 30 }),
  },
  'no-gpus': {
    says: 'pods cannot start: their GPUs are taken',
    run: (controls) => controls.fault({ kind: 'no-gpu', method: 'POST', action: 'start' }),
  },
  'restart-ignored': {
    says: 'a restart answers 200 and does nothing',
    run: (controls) => controls.fault({ kind: 'accepted-not-done', action: 'restart' }),
  },
  'stop-ignored': {
    says: 'a stop answers 200 and does nothing',
    run: (controls) => controls.fault({ kind: 'accepted-not-done', action: 'stop' }),
  },
  'no-bills': {
    says: 'billing fails',
    run: (controls) => controls.fault({ kind: 'server-error', path: '/v2/billing*' }),
  },
  'no-graphql': {
    says: 'GraphQL is retired',
    run: (controls) => controls.fault({ kind: 'gone', path: '/graphql' }),
  },
  'low-balance': { says: 'the balance lasts half an hour more', run: lasts(0.5) },
  'no-balance': {
    says: 'the balance is empty: pods without a network volume are deleted',
    run: (controls) => controls.balance(0),
  },
} as const satisfies Record<string, { readonly says: string; readonly run: (controls: Controls) => void }>

export type ScenarioName = keyof typeof scenarios

export const scenarioNames = Object.keys(scenarios) as ScenarioName[]

export function isScenario(name: unknown): name is ScenarioName {
  return scenarioNames.some((each) => each === name)
}

function everyPod(patch: Parameters<Controls['setPod']>[1]): (controls: Controls) => void {
  return (controls) => {
    for (const id of controls.runningPodIds()) controls.setPod(id, patch)
  }
}

function lasts(hours: number): (controls: Controls) => void {
  return (controls) => controls.balance(Math.max(0.01, controls.spendPerHourUsd() * hours))
}
