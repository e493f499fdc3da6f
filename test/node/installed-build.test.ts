import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { APP_ENTRY, placeBuild } from '../../scripts/lib/place-build.mjs'
import { keepBuild, otherInstalledBuild } from '../../src/node/installed-build'

test('a build is marked as in use after a minute and each hour, also where that fails', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-build-'))
  const isMarked = (): boolean => statSync(join(folder, 'in-use'), { throwIfNoEntry: false }) !== undefined
  keepBuild(folder)
  keepBuild('/nowhere/at/all')
  expect(isMarked()).toBe(false)
  vi.advanceTimersByTime(60_000)
  expect(isMarked()).toBe(true)
  writeFileSync(join(folder, 'in-use'), 'before')
  vi.advanceTimersByTime(3_600_000)
  expect(statSync(join(folder, 'in-use')).size).toBe(0)
})

test('an app knows that another build of it is installed, and not that its own was built again', () => {
  const out = mkdtempSync(join(tmpdir(), 'podkeeper-out-'))
  const build = (text: string): string => {
    const staged = join(out, 'builds/.new-1')
    mkdirSync(join(staged, 'main'), { recursive: true })
    writeFileSync(join(staged, 'main/index.js'), text)
    return placeBuild(out, staged, '0.1.0', { entry: APP_ENTRY })
  }
  const folder = join(out, 'builds', build('1'))
  const other = (): string | null => otherInstalledBuild(folder, '../main/index.js')
  expect(other()).toBeNull()
  const second = build('2')
  expect(other()).toBe(second)
  build('1')
  expect(other()).toBeNull()
})
