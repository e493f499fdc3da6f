import { existsSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { checkConnectionKills } from '../../../bench/queue/connection-kills'
import type { ShellCommand } from '../../../bench/processes'
import { checkStartKills } from '../../../bench/queue/start-kills'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const busybox: readonly ShellCommand[] = existsSync('/usr/bin/busybox') ? [['busybox', 'sh']] : []

// `npm run bench -- queue` has more of them.
it('45 jobs whose start is cut off or killed at any moment run once at most, and their end is seen', async () => {
  expect(await checkStartKills(1, 45, [['dash'], ...busybox])).toEqual([])
})

it('jobs whose SSH connection is cut at any moment run exactly once in the end', async () => {
  expect(await checkConnectionKills(1, 8)).toEqual([])
})
