import { describe, expect, test } from 'vitest'
import { SECOND_MS } from '../../../src/core/base/time/time'
import { emptyFigureRecord, leftOutFigures, withFigures } from '../../../src/core/idle/absent-figures'
import type { Telemetry } from '../../../src/core/pods/pod'
import { instant, telemetry } from '../../harness/samples/pods'

type Reading = Partial<Telemetry> | null

const leftOutAfter = (readings: readonly Reading[], everyS = 31, expectedGpus = 1) => {
  const at = (index: number) => instant(index * everyS * SECOND_MS)
  const record = readings.reduce(
    (before, reading, index) => withFigures(before, reading && telemetry(reading), expectedGpus, at(index)),
    emptyFigureRecord,
  )
  return leftOutFigures(record, expectedGpus, at(readings.length - 1))
}

const noCpu = { cpuUtilPercent: null }
const times = (count: number, reading: Reading): Reading[] => Array.from({ length: count }, () => reading)

describe('a figure is left out of a verdict', () => {
  test('once it was absent from 20 readings over 10 minutes', () => {
    expect(leftOutAfter(times(20, noCpu)).cpu).toBe(false)
    expect(leftOutAfter(times(21, noCpu))).toEqual({ cpu: true, memory: false })
    expect(leftOutAfter(times(39, noCpu), 15).cpu).toBe(false)
    expect(leftOutAfter(times(19, noCpu), 60).cpu).toBe(false)
    expect(leftOutAfter(times(40, { memoryUtilPercent: null }))).toEqual({ cpu: false, memory: true })
  })

  test('never again in this start once it came', () => {
    expect(leftOutAfter([...times(40, noCpu), {}, ...times(100, noCpu)]).cpu).toBe(false)
  })

  test('not because all figures were missing, as in a bare list or after a lookup that failed', () => {
    expect(leftOutAfter(times(60, { gpus: [], cpuUtilPercent: null, memoryUtilPercent: null })).cpu).toBe(
      false,
    )
    expect(leftOutAfter(times(60, null)).cpu).toBe(false)
    expect(leftOutAfter([...times(40, noCpu), ...times(5, null)]).cpu).toBe(true)
  })

  test('never if it is the CPU of a CPU pod', () => {
    const bare = { gpus: [], cpuUtilPercent: null }
    expect(leftOutAfter(times(60, bare), 31, 0).cpu).toBe(false)
    expect(leftOutAfter(times(60, { gpus: [], memoryUtilPercent: null }), 31, 0).memory).toBe(true)
  })
})
