import { expect, test, vi } from 'vitest'
import { runChecks } from '../../scripts/lib/run-checks.mjs'

function written() {
  const lines = []
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(line) > 0)
  return lines
}

test('checks run to their end, and each is said with its times where they are known', async () => {
  const lines = written()
  await runChecks(
    {
      format: async () => ({ code: 0, output: '', processorSeconds: 1.25 }),
      lint: async () => ({ code: 0, output: '' }),
    },
    1,
  )
  vi.restoreAllMocks()
  expect(lines).toEqual([
    expect.stringMatching(/^format {2}ok +0\.0 s +1\.\d s of processor time\n$/),
    expect.stringMatching(/^lint {4}ok +0\.0 s\n$/),
  ])
})

test('after a check that failed no more are started, and what failed is said', async () => {
  const lines = written()
  const later = vi.fn()
  await expect(runChecks({ types: async () => ({ code: 2, output: 'TS2322\n' }), later }, 1)).rejects.toThrow(
    'TS2322\n\ntypes failed; alone: npm test -- --only types',
  )
  vi.restoreAllMocks()
  expect(lines.join('')).toContain('FAILED')
  expect(later).not.toHaveBeenCalled()
})
