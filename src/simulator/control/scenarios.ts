import type { Controls } from './controls'

/** Named events that can be triggered in a running simulator. */
export const scenarios = {
  calm: { description: 'ends all faults', run: (controls) => controls.clearFaults() },
  idle: { description: 'every running pod idles from now on', run: everyPod({ mode: 'idle' }) },
  busy: { description: 'every running pod works from now on', run: everyPod({ mode: 'training' }) },
  'no-telemetry': {
    description: 'running pods show no figures',
    run: everyPod({ mode: 'telemetry-missing' }),
  },
  offline: { description: 'connections break', run: (controls) => controls.fault({ kind: 'reset-before' }) },
  slow: {
    description: 'answers come 8 s late',
    run: (controls) => controls.fault({ kind: 'slow', delayMs: 8_000 }),
  },
  'key-refused': {
    description: 'the key is refused',
    run: (controls) => controls.fault({ kind: 'unauthorized' }),
  },
  firewall: {
    description: 'a firewall answers instead',
    run: (controls) => controls.fault({ kind: 'forbidden-html' }),
  },
  'rate-limited': {
    description: 'the quota is used up',
    run: (controls) => controls.fault({ kind: 'rate-limited', retryAfterS: 30 }),
  },
  'no-gpus': {
    description: 'pods cannot start: their GPUs are taken',
    run: (controls) => controls.fault({ kind: 'no-gpu', method: 'POST', action: 'start' }),
  },
  'no-stock': {
    description: 'no GPU is free for a new pod',
    run: (controls) => controls.conditions({ stock: { '*': 'NONE' } }),
  },
  'low-stock': {
    description: 'of every GPU a few are free',
    run: (controls) => controls.conditions({ stock: { '*': 'LOW' } }),
  },
  'stock-back': {
    description: 'every GPU is free for new pods',
    run: (controls) => controls.conditions({ stock: { '*': 'HIGH' } }),
  },
  'slow-pulls': {
    description: 'new pods pull their image for 20 min',
    run: (controls) => controls.conditions({ pullS: 1_200 }),
  },
  'images-missing': {
    description: 'images of new pods do not exist',
    run: (controls) => controls.conditions({ missingImages: [''] }),
  },
  'crash-loop': {
    description: 'the command of every running pod ends soon after each start',
    run: everyPod({ mode: 'crash-loop' }),
  },
  'container-dead': {
    description: 'the command of every running pod has ended, and its uptime is negative',
    run: everyPod({ mode: 'container-dead', downAs: 'negative' }),
  },
  'telemetry-outage': {
    description: 'no pod shows figures, ports or direct SSH',
    run: (controls) => controls.fault({ kind: 'no-telemetry', method: 'GET', path: '/v2/pods*' }),
  },
  'lookup-timeouts': {
    description: 'a fifth of the looks at running pods time out',
    run: everyPod({ lookupTimeoutShare: 0.2 }),
  },
  'slow-metrics': {
    description: 'figures are refreshed every 90 s',
    run: (controls) => controls.conditions({ metricsEveryS: 90 }),
  },
  'frozen-metrics': {
    description: 'figures of running pods stand still from now on',
    run: everyPod({ hasFrozenMetrics: true }),
  },
  'gpu-figures-only': {
    description: 'running pods show neither CPU nor memory',
    run: everyPod({ missingFigures: ['cpu', 'memory'] }),
  },
  'no-gpu-figures': {
    description: 'running pods show no figures of their GPUs',
    run: everyPod({ missingFigures: ['gpus'] }),
  },
  'bare-lists': {
    description: 'lists of pods have uptime and ports only; a single pod has all figures',
    run: (controls) => controls.conditions({ listFigures: 'uptime-and-ports' }),
  },
  'running-at-once': {
    description: 'created and started pods are RUNNING while their image is pulled',
    run: (controls) => controls.conditions({ statusWhilePulling: 'RUNNING' }),
  },
  'starting-until-up': {
    description: 'created and started pods are STARTING while their image is pulled',
    run: (controls) => controls.conditions({ statusWhilePulling: 'STARTING' }),
  },
  'zero-gpus': {
    description: 'pods start without their GPUs',
    run: (controls) => controls.fault({ kind: 'zero-gpus', method: 'POST', action: 'start' }),
  },
  'graphql-partial': {
    description: 'GraphQL answers with data, and an error for one field',
    run: (controls) => controls.fault({ kind: 'graphql-partial', path: '/graphql' }),
  },
  'log-flood': {
    description: 'every running pod prints 10,000 lines a second',
    run: everyPod({ logLinesPerS: 10_000 }),
  },
  'log-drops': {
    description: 'logs break off after 25 lines',
    run: (controls) => controls.fault({ kind: 'log-drop', path: '/v2/pods/*' }),
  },
  'log-duplicates': {
    description: 'logs have every line twice',
    run: (controls) => controls.fault({ kind: 'log-duplicates', path: '/v2/pods/*' }),
  },
  'log-reordered': {
    description: 'logs have neighboring lines in the wrong order',
    run: (controls) => controls.fault({ kind: 'log-reordered', path: '/v2/pods/*' }),
  },
  'log-frozen': {
    description: 'logs stop after their first lines while the connection is kept alive',
    run: (controls) => controls.fault({ kind: 'log-frozen', path: '/v2/pods/*' }),
  },
  outbid: {
    description: 'someone bids more for every running pod, so that Runpod stops them',
    run(controls) {
      for (const id of controls.runningPodIds()) controls.interrupt(id, 'outbid')
    },
  },
  'spend-limit': {
    description: 'the account may not spend more than now',
    run: (controls) => controls.conditions({ spendLimitUsd: controls.spendPerHourUsd() }),
  },
  'create-cut-off': {
    description: 'the next create is carried out, and its answer is lost',
    run: (controls) => controls.fault({ kind: 'reset-after', method: 'POST', path: '/v2/pods', count: 1 }),
  },
  'create-500': {
    description: 'the next create answers 500, and makes a pod',
    run: (controls) =>
      controls.fault({ kind: 'server-error-after', method: 'POST', path: '/v2/pods', count: 1 }),
  },
  'create-lost': {
    description: 'the next create never gets an answer, and makes no pod',
    run: (controls) => controls.fault({ kind: 'hang', method: 'POST', path: '/v2/pods', count: 1 }),
  },
  'restart-ignored': {
    description: 'a restart answers 200 and does nothing',
    run: (controls) => controls.fault({ kind: 'accepted-not-done', action: 'restart' }),
  },
  'stop-ignored': {
    description: 'a stop answers 200 and does nothing',
    run: (controls) => controls.fault({ kind: 'accepted-not-done', action: 'stop' }),
  },
  'no-bills': {
    description: 'billing fails',
    run: (controls) => controls.fault({ kind: 'server-error', path: '/v2/billing*' }),
  },
  'no-graphql': {
    description: 'GraphQL is retired',
    run: (controls) => controls.fault({ kind: 'gone', path: '/graphql' }),
  },
  'low-balance': { description: 'the balance lasts half an hour more', run: setRunwayHours(0.5) },
  'no-balance': {
    description: 'the balance is empty: pods without a network volume are deleted',
    run: (controls) => controls.balance(0),
  },
} as const satisfies Record<
  string,
  { readonly description: string; readonly run: (controls: Controls) => void }
>

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

function setRunwayHours(hours: number): (controls: Controls) => void {
  return (controls) => controls.balance(Math.max(0.01, controls.spendPerHourUsd() * hours))
}
