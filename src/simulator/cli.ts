import { parseArgs } from 'node:util'
import { type Fault, readFault } from './control/faults'
import { fleetOf } from './fleet'
import { isScenario, type ScenarioName, scenarioNames, scenarios } from './control/scenarios'
import { generousQuotas } from './control/quota'
import type { SimulatorOptions } from './simulator'
import type { SshAccess } from './ssh/ssh-endpoints'

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'run'
      readonly options: SimulatorOptions
      readonly scenarios: readonly ScenarioName[]
      readonly faults: readonly Fault[]
    }

const flags = {
  pods: { type: 'string' },
  speed: { type: 'string', default: '1' },
  seed: { type: 'string', default: '7' },
  port: { type: 'string', default: '4700' },
  balance: { type: 'string' },
  'per-minute': { type: 'string' },
  'page-size': { type: 'string', default: '1000' },
  dates: { type: 'string', default: 'real' },
  ssh: { type: 'string', default: 'any-key' },
  'without-pages': { type: 'boolean', default: false },
  scenario: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const HELP = `A Runpod that runs here: REST v2 and GraphQL on loopback, with pods that live.

  npm run simulator -- [options]

  --pods N           a fleet of N pods; without it, the five of the demo
  --speed F          simulated seconds per second, at least 1 (1)
  --seed N           the same seed makes the same pods and figures (7)
  --port N           of 127.0.0.1; 0 takes any that is free (4700)
  --balance USD      what the account begins with (164.2; with a fleet, a million)
  --per-minute N     requests that a key may send in a minute (${generousQuotas.minute})
  --page-size N      the most pods in one page (1000)
  --without-pages    lists come whole, as the older API document has it
  --dates WHICH      what the API dates things by: "real" time, as the app needs it, or "simulated" (real)
  --ssh WHO          who may come into a pod: any-key, registered-keys (of the account), none (any-key)
  --scenario NAME    may be repeated; see below
  --fault JSON       may be repeated, such as '{"kind":"hang","path":"/v2/pods","count":2}'

Scenarios, at the start or later by POST /_simulator/scenario {"name": …}:

${scenarioNames.map((name) => `  ${name.padEnd(18)} ${scenarios[name].says}`).join('\n')}
`

class Refused extends Error {}

/** Reads a command line; `demoPods` are what runs without `--pods`. */
export function readCommand(
  args: readonly string[],
  demo: Pick<SimulatorOptions, 'pods' | 'networkVolumes'>,
): Command {
  try {
    const { values } = parseArgs({ args: [...args], options: flags })
    if (values.help) return { kind: 'help', text: HELP }
    const seed = whole('seed', values.seed, 0)
    const perMinute = values['per-minute']
    if (values.dates !== 'real' && values.dates !== 'simulated') {
      throw new Refused('--dates is real or simulated')
    }
    return {
      kind: 'run',
      options: {
        seed,
        ...(values.pods === undefined ? demo : { pods: fleetOf(whole('pods', values.pods, 0), seed) }),
        timeFactor: number('speed', values.speed, 1),
        port: whole('port', values.port, 0, 65_535),
        balanceUsd: number('balance', values.balance ?? (values.pods === undefined ? '164.2' : '1e6'), 0),
        maxPageSize: whole('page-size', values['page-size'], 1, 1_000),
        pagination: !values['without-pages'],
        ...(values.ssh !== 'none' && { ssh: sshAccess(values.ssh) }),
        hasSimulatedDates: values.dates === 'simulated',
        ...(perMinute !== undefined && {
          quotas: { ...generousQuotas, minute: whole('per-minute', perMinute, 1) },
        }),
      },
      scenarios: (values.scenario ?? []).map(scenario),
      faults: (values.fault ?? []).map(fault),
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'refused', message: `${message}\nSee npm run simulator -- --help` }
  }
}

function number(name: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= min && value <= max) return value
  const upTo = max === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${max}`
  throw new Refused(`--${name} must be ${min} ${upTo}, not "${text}"`)
}

function whole(name: string, text: string, min: number, max?: number): number {
  const value = number(name, text, min, max)
  if (Number.isInteger(value)) return value
  throw new Refused(`--${name} must be a whole number, not "${text}"`)
}

function sshAccess(who: string): SshAccess {
  if (who === 'any-key' || who === 'registered-keys') return who
  throw new Refused('--ssh is any-key, registered-keys or none')
}

function scenario(name: string): ScenarioName {
  if (isScenario(name)) return name
  throw new Refused(`there is no scenario "${name}"; there are ${scenarioNames.join(', ')}`)
}

function fault(text: string): Fault {
  try {
    return readFault(JSON.parse(text))
  } catch (error) {
    throw new Refused(`--fault '${text}': ${error instanceof Error ? error.message : String(error)}`)
  }
}
