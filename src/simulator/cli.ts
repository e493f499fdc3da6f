import { parseArgs } from 'node:util'
import { errorText } from '../core/base/text/error-text'
import { readFault, type SimulatedFault } from './control/faults'
import { createFleet } from './create-fleet'
import { isScenario, type ScenarioName, scenarioNames, scenarios } from './control/scenarios'
import { defaultQuotas } from './control/quota'
import { type HubifyBehavior, readBehavior } from './control/hubify-behavior'
import { defaultLabs } from './hubify/default-labs'
import { isPlan, planNames } from './hubify/plans'
import type { LabSpec } from './labs/lab-spec'
import type { SimulatorOptions } from './simulator'
import type { SshAccess } from './ssh/ssh-endpoints'
import type { SimulatedPodSpec } from './world/pod-spec'

/** The parsed command line. */
export type SimulatorCommand =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'run'
      readonly options: SimulatorOptions
      readonly scenarios: readonly ScenarioName[]
      readonly faults: readonly SimulatedFault[]
      /** A file with a recording to serve in place of simulated pods. */
      readonly replayFile: string | null
    }

const optionDefs = {
  provider: { type: 'string', default: 'runpod' },
  planned: { type: 'boolean', default: false },
  plan: { type: 'string' },
  behavior: { type: 'string' },
  pods: { type: 'string' },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '7' },
  port: { type: 'string', default: '4700' },
  balance: { type: 'string' },
  'per-minute': { type: 'string' },
  'metrics-every': { type: 'string' },
  'page-size': { type: 'string', default: '1000' },
  dates: { type: 'string', default: 'real' },
  ssh: { type: 'string', default: 'any-key' },
  'without-pages': { type: 'boolean', default: false },
  scenario: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  replay: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const HELP = `A Runpod, or a Hubify, that runs here on loopback, with pods that live.

  npm run simulator -- [options]

  --provider NAME    runpod (REST v2 and GraphQL), hubify (its labs), or both over the same pods (runpod)
  --pods N           a fleet of N pods; without it, the five of the demo, or those of two labs
  --speed F          simulated seconds per second, at least 1 (1)
  --seed N           the same seed makes the same pods and figures (7)
  --port N           of 127.0.0.1; 0 takes any that is free (4700)
  --balance USD      what the account begins with (164.2; with a fleet, a million)
  --per-minute N     requests that a key may send in a minute (${defaultQuotas.minute})
  --metrics-every S  seconds between two refreshes of a pod's figures; 0: at each look (0)
  --page-size N      the most pods in one page (1000)
  --without-pages    lists come whole, as the older API document has it
  --dates WHICH      what the API dates things by: "real" time, as the app needs it, or "simulated" (real)
  --ssh WHO          who may come into a pod: any-key, registered-keys (of the account), none (any-key)
  --scenario NAME    may be repeated; see below
  --replay FILE      serves a recording of podkeeper doctor in place of simulated pods; it can only be read
  --fault JSON       may be repeated, such as '{"kind":"hang","path":"/v2/pods","count":2}'

For Hubify:

  --planned          serves the routes that its page calls planned, too
  --plan NAME        the quotas of free, pro or team (pro)
  --behavior JSON    how it answers where its documents leave that open, such as '{"errors":"problem"}'

Scenarios, at the start or later by POST /_simulator/scenario {"name": …}:

${scenarioNames.map((name) => `  ${name.padEnd(18)} ${scenarios[name].description}`).join('\n')}
`

class UsageError extends Error {}

/** Parses a command line; the pods of `demo` run if there is no `--pods`. */
export function readCommand(
  args: readonly string[],
  demo: Pick<SimulatorOptions, 'pods' | 'networkVolumes' | 'endpoints'>,
): SimulatorCommand {
  try {
    const { values } = parseArgs({ args: [...args], options: optionDefs })
    if (values.help) return { kind: 'help', text: HELP }
    const seed = parseWhole('seed', values.seed, 0)
    const perMinute = values['per-minute']
    const metricsEvery = values['metrics-every']
    if (values.dates !== 'real' && values.dates !== 'simulated') {
      throw new UsageError('--dates is real or simulated')
    }
    const provider = parseProvider(values.provider)
    const fleet = values.pods === undefined ? null : createFleet(parseWhole('pods', values.pods, 0), seed)
    if (values.replay !== undefined) checkReplay(values, provider)
    const accountPods = fleet === null ? demo : { pods: fleet }
    return {
      kind: 'run',
      options: {
        seed,
        // The pods of labs are pods of the account as well.
        ...(provider === 'hubify' ? { pods: [], hasRunpodApi: false } : accountPods),
        ...(values.replay !== undefined && { pods: [], networkVolumes: [], endpoints: [] }),
        ...hubifyOptions(values, provider, fleet),
        timeFactor: parseNumber('speed', values.speed, 1),
        port: parseWhole('port', values.port, 0, 65_535),
        balanceUsd: parseNumber(
          'balance',
          values.balance ?? (values.pods === undefined ? '164.2' : '1e6'),
          0,
        ),
        maxPageSize: parseWhole('page-size', values['page-size'], 1, 1_000),
        pagination: !values['without-pages'],
        ...(metricsEvery !== undefined && {
          conditions: { metricsEveryS: parseNumber('metrics-every', metricsEvery, 0) },
        }),
        ...(values.ssh !== 'none' && { ssh: parseSshAccess(values.ssh) }),
        hasSimulatedDates: values.dates === 'simulated',
        ...(perMinute !== undefined && {
          quotas: { ...defaultQuotas, minute: parseWhole('per-minute', perMinute, 1) },
        }),
      },
      scenarios: (values.scenario ?? []).map(parseScenario),
      faults: (values.fault ?? []).map(parseFaultOption),
      replayFile: values.replay ?? null,
    }
  } catch (error) {
    const message = errorText(error)
    return { kind: 'refused', message: `${message}\nSee npm run simulator -- --help` }
  }
}

/** A recording has its own pods and its own time. */
function checkReplay(
  { pods, speed, scenario }: { pods?: string | undefined; speed: string; scenario?: string[] | undefined },
  provider: ProviderChoice,
): void {
  if (provider !== 'runpod' || pods !== undefined || speed !== '1' || scenario !== undefined)
    throw new UsageError('--replay goes with neither --provider, --pods, --speed nor --scenario')
}

const providers = ['runpod', 'hubify', 'both'] as const
type ProviderChoice = (typeof providers)[number]

function parseProvider(name: string): ProviderChoice {
  const provider = providers.find((each) => each === name)
  if (provider === undefined) throw new UsageError('--provider is runpod, hubify or both')
  return provider
}

interface HubifyValues {
  readonly planned: boolean
  readonly plan?: string | undefined
  readonly behavior?: string | undefined
  readonly 'per-minute'?: string | undefined
}

function hubifyOptions(
  { planned, plan, behavior, ...values }: HubifyValues,
  provider: ProviderChoice,
  fleet: readonly SimulatedPodSpec[] | null,
): Pick<SimulatorOptions, 'hubify'> {
  if (provider === 'runpod') {
    if (!planned && plan === undefined && behavior === undefined) return {}
    throw new UsageError('--planned, --plan and --behavior need --provider hubify or both')
  }
  if (provider === 'hubify' && values['per-minute'] !== undefined) {
    throw new UsageError('--per-minute is for Runpod; for Hubify there is --plan')
  }
  if (plan !== undefined && !isPlan(plan)) throw new UsageError(`--plan is ${planNames.join(', ')}`)
  return {
    hubify: {
      ...(plan !== undefined && { plan }),
      ...(fleet !== null && { labs: labsOfFleet(fleet, provider) }),
      behavior: {
        ...(behavior !== undefined && parseBehavior(behavior)),
        ...(planned && { hasPlannedRoutes: true }),
      },
    },
  }
}

/** Half of a fleet in each lab. With both providers, the pods are in the account already. */
function labsOfFleet(fleet: readonly SimulatedPodSpec[], provider: ProviderChoice): readonly LabSpec[] {
  return defaultLabs.map(({ id, slug, experiments = [] }, index) => ({
    id,
    slug,
    experiments,
    pods: fleet
      .filter((_, serial) => serial % defaultLabs.length === index)
      .map((pod) => (provider === 'both' ? { existing: pod.name } : { pod })),
  }))
}

function parseBehavior(text: string): Partial<HubifyBehavior> {
  try {
    return readBehavior(JSON.parse(text))
  } catch (error) {
    throw new UsageError(`--behavior '${text}': ${errorText(error)}`)
  }
}

function parseNumber(name: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= min && value <= max) return value
  const upTo = max === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${max}`
  throw new UsageError(`--${name} must be ${min} ${upTo}, not "${text}"`)
}

function parseWhole(name: string, text: string, min: number, max?: number): number {
  const value = parseNumber(name, text, min, max)
  if (Number.isInteger(value)) return value
  throw new UsageError(`--${name} must be a whole number, not "${text}"`)
}

function parseSshAccess(who: string): SshAccess {
  if (who === 'any-key' || who === 'registered-keys') return who
  throw new UsageError('--ssh is any-key, registered-keys or none')
}

function parseScenario(name: string): ScenarioName {
  if (isScenario(name)) return name
  throw new UsageError(`there is no scenario "${name}"; there are ${scenarioNames.join(', ')}`)
}

function parseFaultOption(text: string): SimulatedFault {
  try {
    return readFault(JSON.parse(text))
  } catch (error) {
    throw new UsageError(`--fault '${text}': ${errorText(error)}`)
  }
}
