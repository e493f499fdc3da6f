import { resolve } from 'node:path'
import { type Plugin, runnerImport } from 'vite'
import type { Measurement } from '../measurement'
import type { ScriptLength } from './account-script'
import type { Mutation } from './mutation'
import { mutations } from './mutation-list'

const root = resolve(import.meta.dirname, '../..')
/** The maximum number of accounts simulated per mutation, from its first one on, until one of them detects it. */
const ACCOUNTS = 400

/**
 * Applies each mutation separately and reports whether the simulations detect it, and in which account.
 */
export async function measureMutations(): Promise<readonly Measurement[]> {
  let detected = 0
  for (const mutation of mutations) {
    const after = await accountsUntilDetected(mutation, mutation.firstSeed + ACCOUNTS - 1, mutation.firstSeed)
    if (after !== null) detected += 1
    console.log(`  ${after === null ? 'MISSED' : `caught in account ${after}`}: ${mutation.description}`)
  }
  return [
    {
      group: 'guard',
      name: `deliberate mutations that are not detected, of ${mutations.length}`,
      unit: '',
      value: mutations.length - detected,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 0 },
    },
  ]
}

/** The first account, from seed `first` to seed `last`, in which the mutation breaks a rule; null if none does. */
export async function accountsUntilDetected(
  mutation: Mutation,
  last: number,
  first = 1,
  length: ScriptLength = 'whole',
): Promise<number | null> {
  const { module } = await runnerImport<typeof import('./run-simulations')>(
    resolve(import.meta.dirname, 'run-simulations.ts'),
    {
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [mutationPlugin(mutation)],
    },
  )
  for (let seed = first; seed <= last; seed += 1) {
    try {
      await module.runSimulations(seed, 1, length)
    } catch (error) {
      if (error instanceof module.RuleViolationError) return seed
      throw error
    }
  }
  return null
}

function mutationPlugin({ file, from, to, description }: Mutation): Plugin {
  return {
    name: 'deliberate-fault',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/src/${file}`)) return null
      if (code.split(from).length !== 2)
        throw new Error(
          `The mutation "${description}" fits ${file} no more: it must hold its text once. Fix its entry in bench/guard.`,
        )
      return { code: code.replace(from, () => to), map: null }
    },
  }
}
