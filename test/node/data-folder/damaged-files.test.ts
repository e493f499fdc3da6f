import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { damageCases, runDamageCases, usedFolder } from '../../../bench/disk/damage-matrix'
import { spread } from '../../../bench/disk/fault-matrix'
import { dataFiles } from '../../../bench/disk/step'

// Many processes or fsyncs: seconds, but far more on a machine under load.
vi.setConfig({ testTimeout: 180_000 })

/** Bytes of each file; `npm run bench -- disk/damage` tries all of them. */
const CASES = 12

let used: string
beforeAll(async () => {
  used = await usedFolder()
})
afterAll(() => rmSync(used, { recursive: true }))

test.each(dataFiles)(
  'a damaged %s is reported where it must be, crashes nothing, and harms no other file',
  async (file) => {
    const cases = damageCases(used).filter((each) => each.file === file)
    const whole = cases.filter(({ damage }) => !('byte' in damage))
    const bytes = cases.filter(({ damage }) => 'byte' in damage)
    expect(await runDamageCases(used, [...whole, ...spread(bytes, CASES)])).toEqual([])
  },
)
