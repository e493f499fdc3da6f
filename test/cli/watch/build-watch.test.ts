import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBuildWatch } from '../../../src/cli/watch/build-watch'

function installed(name: string) {
  const cli = mkdtempSync(join(tmpdir(), 'podkeeper-cli-'))
  const folder = join(cli, 'builds', name)
  mkdirSync(folder, { recursive: true })
  const install = (build: string): void =>
    writeFileSync(
      join(cli, 'podkeeper.mjs'),
      `#!/usr/bin/env node\nimport './builds/${build}/podkeeper.mjs'\n`,
    )
  install(name)
  return { folder, install }
}

test('another build that is installed is reported once, and known until it is the same again', () => {
  const { folder, install } = installed('0.1.0-a')
  const texts: string[] = []
  const watch = createBuildWatch(folder, (text) => texts.push(text))
  const checked = (): boolean => {
    watch.check()
    return watch.isOutdated()
  }
  expect([checked(), texts]).toEqual([false, []])
  install('0.2.0-b')
  expect([checked(), checked(), texts]).toEqual([
    true,
    true,
    ['Another build of Podkeeper is installed: 0.2.0-b. Restart this program to use it.'],
  ])
  install('0.1.0-a')
  expect([checked(), texts.length]).toEqual([false, 1])
  install('0.3.0-c')
  expect([checked(), texts.length]).toEqual([true, 2])
})

test('a program that was started from elsewhere reports nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-cli-'))
  const watch = createBuildWatch(folder, (text) => expect.fail(text))
  watch.check()
  expect(watch.isOutdated()).toBe(false)
})
