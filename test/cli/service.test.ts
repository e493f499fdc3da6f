import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const analyze = (...args: string[]) =>
  spawnSync('systemd-analyze', args, {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'podkeeper-systemd-')) },
  })

test.skipIf(analyze('--version').status !== 0)('the unit file passes systemd without a warning', () => {
  const { status, stdout, stderr } = analyze('verify', '--user', 'resources/podkeeper.service')
  expect([status, stdout, stderr]).toEqual([0, '', ''])
})

test('the unit serves and watches in line mode, and does not restart after permanent errors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-service-'))
  const program = join(folder, 'podkeeper')
  writeFileSync(program, '#!/bin/sh\necho "$@"\n')
  chmodSync(program, 0o755)
  const unit = readFileSync('resources/podkeeper.service', 'utf8')
  const command = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  const { stdout } = spawnSync(command[0] ?? '', command.slice(1), {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH']}` },
  })
  expect(stdout).toBe('serve --log json\n')
  expect(unit).toContain('RestartPreventExitStatus=2 3 9\n')
})
