import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '../../../src/simulator/simulator'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { type CliOptions, newDataFolder, type RunningCli, runCli, startCli, startSimulator } from './cli'

/** A data folder that `podkeeper watch` holds, and commands beside it. */
export interface WatchedFolder {
  readonly runpod: Simulator
  readonly folder: string
  readonly watch: RunningCli
  readonly command: (...args: string[]) => CliOptions
  readonly run: (...args: string[]) => ReturnType<typeof runCli>
}

/** `isRealProgram`: of the watch. The commands run in the process of the test. */
export async function startWatched(
  pods: readonly SimulatedPodSpec[],
  settings: object = {},
  isRealProgram = false,
): Promise<WatchedFolder> {
  const runpod = await startSimulator(pods)
  const folder = newDataFolder({ undoS: 1, ...settings })
  const watch = startCli({ isRealProgram, args: ['watch', '--log', 'json'], runpod, dataFolder: folder })
  await watch.waitForOutput(/"event":"account"/)
  const command = (...args: string[]): CliOptions => ({ args, runpod, dataFolder: folder })
  return { runpod, folder, watch, command, run: (...args) => runCli(command(...args)) }
}

/** A pod with a volume that changes its state quickly. */
export const quickPod = (id: string, more: Partial<SimulatedPodSpec> = {}): SimulatedPodSpec => ({
  name: id,
  id,
  mode: 'training',
  persistent: { sizeGb: 100, path: '/workspace' },
  stoppingS: 0.2,
  startingS: 0.2,
  provisioningS: 0.1,
  restartingS: 0.2,
  ...more,
})

export const actionsOf = ({ requests }: Simulator): string[] =>
  requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))

export const configOf = (folder: string): any => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))

export const lastIntentIn = (folder: string): { phase: string } =>
  JSON.parse(readFileSync(join(folder, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '')
