import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountIdOf } from '../../../src/node/account-id'
import { FULL_KEY, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { type CliOptions, newDataFolder, runCli, startSimulator } from './cli'

/** Two accounts, each with a simulated Runpod of its own, whose keys are kept as "Lab" and "Work". */
export interface TwoAccounts {
  readonly lab: Simulator
  readonly work: Simulator
  readonly folder: string
  /** Neither key nor address comes from the environment. */
  readonly command: (...args: string[]) => CliOptions
  readonly run: (...args: string[]) => ReturnType<typeof runCli>
}

export const accountIdAt = (runpod: Simulator, key = FULL_KEY): string =>
  accountIdOf(new URL(`${runpod.url}/v2`), key)

/** No key and no address in the environment. */
export const noKey = { RUNPOD_API_KEY: undefined, RUNPOD_API_BASE_URL: undefined }

export interface TwoAccountsOptions {
  readonly labOptions?: Partial<SimulatorOptions>
  readonly workOptions?: Partial<SimulatorOptions>
  readonly settings?: object
  /** Without them. */
  readonly areKeysKept?: false
}

export async function twoAccounts(
  labPods: readonly SimulatedPodSpec[],
  workPods: readonly SimulatedPodSpec[],
  options: TwoAccountsOptions = {},
): Promise<TwoAccounts> {
  const lab = await startSimulator(labPods, options.labOptions)
  const work = await startSimulator(workPods, options.workOptions)
  const folder = newDataFolder({ ...options.settings })
  const [labKey, workKey] = [keptKey(lab, 'Lab'), keptKey(work, 'Work')]
  if (options.areKeysKept !== false)
    writeFileSync(join(folder, 'cli-key.json'), JSON.stringify({ version: 1, keys: [labKey, workKey] }), {
      mode: 0o600,
    })
  const command = (...args: string[]): CliOptions => ({ args, dataFolder: folder, env: noKey })
  return { lab, work, folder, command, run: (...args) => runCli(command(...args)) }
}

const keptKey = (runpod: Simulator, name: string) => ({
  baseUrl: `${runpod.url}/v2`,
  key: FULL_KEY,
  accountId: accountIdAt(runpod),
  name,
})

/** Adds or replaces the key of an account with the command. */
export const login = (folder: string, runpod: Simulator, key: string, ...args: string[]) =>
  runCli({
    args: ['login', ...args],
    runpod,
    dataFolder: folder,
    env: { RUNPOD_API_KEY: undefined },
    input: `${key}\n`,
  })

export const keysIn = (folder: string): any[] =>
  (JSON.parse(readFileSync(join(folder, 'cli-key.json'), 'utf8')) as any).keys

/** Gives the app's file accounts of these names. */
export function storeAppAccounts(folder: string, accounts: readonly (readonly [Simulator, object])[]): void {
  const path = join(folder, 'config.json')
  const stored = accounts.map(([runpod, more]) => ({
    id: accountIdAt(runpod),
    baseUrl: `${runpod.url}/v2`,
    keyEnding: 'cess',
    encryptedKey: null,
    ...more,
  }))
  const config = JSON.parse(readFileSync(path, 'utf8'))
  const whole = { guards: {}, ...config, version: 1, accounts: stored }
  writeFileSync(path, JSON.stringify(whole))
}
