import { expect, it, onTestFinished, vi } from 'vitest'

it('beside the end-to-end tests, unit tests run in as many workers as they are told', async () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('PODKEEPER_UNIT_WORKERS', '2')
  const { default: config } = await import('../../vitest.config.mts')
  const unit = config.test.projects.filter(({ test }) => test.name.startsWith('unit'))
  expect(unit.map(({ test }) => test.maxWorkers)).toEqual([2, 2])
})
