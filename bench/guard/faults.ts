import { resolve } from 'node:path'
import { type Plugin, runnerImport } from 'vite'
import type { Figure } from '../figure'
import { type Fault, faults } from './fault-list'

const root = resolve(import.meta.dirname, '../..')
/** Accounts that are lived with each fault, at most, until one of them shows it. */
const ACCOUNTS = 400

/** Each deliberate fault put into core by itself: whether the lives show it, and after how many accounts. */
export async function faultFigures(): Promise<readonly Figure[]> {
  let caught = 0
  for (const fault of faults) {
    const after = await accountsUntilCaught(fault, ACCOUNTS)
    if (after !== null) caught += 1
    console.log(`  ${after === null ? 'MISSED' : `caught in account ${after}`}: ${fault.says}`)
  }
  return [
    {
      group: 'guard',
      name: `deliberate faults that are not caught, of ${faults.length}`,
      unit: '',
      value: faults.length - caught,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 0 },
    },
  ]
}

/** The first account, from seed `first` to seed `last`, in which the fault breaks a rule; null: none does. */
export async function accountsUntilCaught(fault: Fault, last: number, first = 1): Promise<number | null> {
  const { module } = await runnerImport<typeof import('./lives')>(resolve(import.meta.dirname, 'lives.ts'), {
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [withFault(fault)],
  })
  for (let seed = first; seed <= last; seed += 1) {
    try {
      await module.liveMany(seed, 1)
    } catch (error) {
      if (error instanceof module.RuleBroken) return seed
      throw error
    }
  }
  return null
}

function withFault({ file, from, to, says }: Fault): Plugin {
  return {
    name: 'deliberate-fault',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/src/core/${file}`)) return null
      if (code.split(from).length !== 2)
        throw new Error(
          `The fault "${says}" fits ${file} no more: it must hold its text once. Mend bench/guard/fault-list.ts.`,
        )
      return { code: code.replace(from, () => to), map: null }
    },
  }
}
