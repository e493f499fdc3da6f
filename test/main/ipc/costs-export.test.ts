import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { costsCsv } from '../../../src/core/money/costs/costs-csv'
import { createCostsExport } from '../../../src/main/ipc/costs-export'
import { sampleMoney } from '../../harness/app/states/sample-costs'

const { costs } = sampleMoney()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podkeeper-costs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the table is written to the chosen file, with a default name that contains the month', async () => {
  const asked: unknown[] = []
  const { exportCosts } = createCostsExport(
    (...args) => {
      asked.push(args)
      return costs
    },
    async (name) => join(folder, name),
  )
  const path = join(folder, 'podkeeper-costs-2026-11.csv')
  expect(await exportCosts('account', '2026-11')).toEqual({ ok: true, value: path })
  expect(asked).toEqual([['account', '2026-11']])
  expect(readFileSync(path, 'utf8')).toBe(costsCsv(costs))
})

test('the export reports cancellation, a missing account and a write error', async () => {
  const cancelled = createCostsExport(
    () => costs,
    async () => null,
  )
  expect(await cancelled.exportCosts('account', null)).toEqual({ ok: true, value: null })
  const nobody = createCostsExport(
    () => null,
    async () => join(folder, 'a.csv'),
  )
  expect(await nobody.exportCosts('account', null)).toMatchObject({ ok: false })
  writeFileSync(join(folder, 'a-file'), '')
  const nowhere = createCostsExport(
    () => costs,
    async () => join(folder, 'a-file', 'costs.csv'),
  )
  expect(await nowhere.exportCosts('account', null)).toMatchObject({
    ok: false,
    error: expect.stringContaining('could not be written'),
  })
})

test('the export leaves every other file of the folder alone, and nothing of its own', async () => {
  const { exportCosts } = createCostsExport(
    () => costs,
    async () => join(folder, 'costs.csv'),
  )
  writeFileSync(join(folder, 'costs.csv.new'), "the user's own")
  expect(await exportCosts('account', null)).toMatchObject({ ok: true })
  expect(readdirSync(folder).sort()).toEqual(['costs.csv', 'costs.csv.new'])
  expect(readFileSync(join(folder, 'costs.csv.new'), 'utf8')).toBe("the user's own")
})
