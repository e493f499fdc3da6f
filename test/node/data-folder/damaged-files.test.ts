import { beforeAll, expect, test } from 'vitest'
import { damageCases, runDamageCases, usedFolder } from '../../../bench/disk/damage-matrix'
import { spread } from '../../../bench/disk/fault-matrix'
import { dataFiles } from '../../../bench/disk/steps'

/** Bytes of each file; `npm run bench -- disk/damage` tries all of them, and each bit. */
const CASES = 24

let used: string
beforeAll(async () => {
  used = await usedFolder()
})

test.each(dataFiles)(
  'a damaged %s is reported where it must be, crashes nothing, and harms no other file',
  async (file) => {
    const cases = damageCases(used, 'one').filter((each) => each.file === file)
    const whole = cases.filter(({ damage }) => !('byte' in damage))
    const bytes = cases.filter(({ damage }) => 'byte' in damage)
    expect(await runDamageCases(used, [...whole, ...spread(bytes, CASES)])).toEqual([])
  },
)
