import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli, startSimulator } from '../../harness/cli/cli'
import { actionsOf, configOf, quickPod as pod, startWatched } from '../../harness/cli/watched'

/* What commands set beside `podkeeper watch`, which holds the data folder and does what they ask. */

test('keep, rules and settings are changed in the watch, which shows them at once', async () => {
  const { run, folder, watch } = await startWatched([pod('a', { mode: 'idle' })])
  const kept = await run('keep', 'a', '4h')
  expect(kept).toMatchObject({ code: 0, stderr: '' })
  expect(kept.stdout).toMatch(/^a is kept running until .*: no alerts and no automatic stops\.\n$/)
  expect(await run('keep', 'a', 'off')).toMatchObject({ stdout: 'a is no longer kept running.\n' })
  const always = JSON.parse((await run('keep', 'a', 'always', '--json')).stdout)
  expect(always).toMatchObject({ version: 1, pod: { id: 'a' }, keepOn: { until: null } })

  expect(await run('rules', 'a', 'set', 'maxHours=12', 'isAutoStopped=true')).toMatchObject({ code: 0 })
  const rules = JSON.parse((await run('rules', 'a', '--json')).stdout)
  expect(rules.rules).toMatchObject({ maxHours: 12, isAutoStopped: true, monthlyBudgetUsd: null })
  expect(await run('rules', 'a', 'set', 'stopAt=20:00 Mon-Fri Europe/Berlin')).toMatchObject({ code: 0 })
  expect((await run('rules', 'a')).stdout).toMatch(/^stopAt +20:00 mon-fri Europe\/Berlin$/m)
  expect((await run('rules', 'a', 'set', 'stopAt=8 PM')).stderr).toMatch(
    /^stopAt must be a time such as 20:00/,
  )
  expect((await run('activity')).stdout).toMatch(/stopped on weekdays at .* \(Europe\/Berlin\) unless in use/)
  expect(await run('rules', 'a', 'set', 'atBudget=stop')).toMatchObject({
    code: 1,
    stderr: 'Set a monthly budget for this pod first.\n',
  })
  expect((await run('settings', 'set', 'idleAlertAfterMin', '20')).stdout).toBe(
    'idleAlertAfterMin is now 20 (was 15).\n',
  )
  expect(await run('settings', 'set', 'idleAlertAfterMin', '100000')).toMatchObject({ code: 2 })
  expect((await run('settings', 'get', 'idleAlertAfterMin')).stdout).toBe('20\n')
  const { settings, guards } = configOf(folder)
  expect(settings).toMatchObject({ undoS: 1, idleAlertAfterMin: 20 })
  expect(Object.values(guards)).toEqual([
    expect.objectContaining({ pods: { a: expect.objectContaining({ maxHours: 12 }) } }),
  ])
  expect(watch.child.exitCode).toBeNull()
})

test('a configuration file is applied by the watch, whose pods follow its rules', async () => {
  const { run, folder } = await startWatched([pod('scratch-1')])
  const file = join(folder, 'lab.yaml')
  const rules = '[{ name: scratch, match: { name: "scratch-*" }, maxHours: 5 }]'
  writeFileSync(file, `{ podkeeper: 1, accounts: { environment: { autoStop: selected, rules: ${rules} } } }`)
  expect(await run('apply', file)).toMatchObject({ code: 0, stdout: 'Applied: 2 changes.\n' })
  await expect
    .poll(async () => JSON.parse((await run('rules', 'scratch-1', '--json')).stdout))
    .toMatchObject({
      rules: { maxHours: 5 },
      ruleOrigins: { maxHours: { kind: 'pattern', name: 'scratch' } },
    })
  expect(await run('apply', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching('There is nothing to change'),
  })
  expect((await run('activity')).stdout).toMatch(/Rules for several pods: “scratch”/)
})

test('next is answered by the watch, which knows what holds a stop', async () => {
  const { run } = await startWatched([pod('a', { mode: 'idle' }), pod('b')])
  expect((await run('next')).stdout).toBe('No running pod will be stopped automatically.\n')
  expect((await run('rules', 'a', 'set', 'isAutoStopped=true')).stderr).toContain(
    'podkeeper auto-stop selected',
  )
  expect((await run('auto-stop', 'selected')).stdout).toMatch(/^selected: /)
  expect(JSON.parse((await run('auto-stop', '--json')).stdout)).toEqual({
    version: 1,
    autoStop: 'selected',
    account: { id: expect.any(String), name: 'environment' },
  })
  await run('rules', 'b', 'set', 'maxHours=12')
  await run('keep', 'a', 'always')
  const { code, stdout, stderr } = await run('next')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/b {2}stops at its maximum hours\n/)
  // In the evening, the stop is one of tomorrow, whose weekday is named.
  expect(stdout).toMatch(
    /– +a {2}is kept running until you cancel; a stop if it stays quiet would come at ([A-Z][a-z]{2} )?\d\d:\d\d\n/,
  )
  const json = JSON.parse((await run('next', '--json')).stdout)
  expect(json).toMatchObject({ version: 1, isActing: true, autoStop: 'selected' })
  expect(json.stops[0]).toMatchObject({ pod: { id: 'b' }, state: 'expected', stopAt: expect.any(String) })
})

test('a watch of another account does nothing, and says so', async () => {
  const { folder, run: _run, runpod } = await startWatched([pod('a')])
  const other = await startSimulator([pod('a')])
  for (const args of [['stop', 'a', '--yes'], ['keep', 'a', '1h'], ['next']]) {
    const refused = await runCli({ args, runpod: other, dataFolder: folder })
    expect([refused.code, refused.stdout]).toEqual([6, ''])
    expect(refused.stderr).toContain('does not watch this account, so nothing was done.')
  }
  expect(actionsOf(runpod).concat(actionsOf(other))).toEqual([])
})

test('without a key of its own, a command asks about the account that the app stored', async () => {
  const { folder, runpod, run } = await startWatched([pod('a')])
  const status = JSON.parse((await run('status', '--json')).stdout)
  const withoutKey = {
    dataFolder: folder,
    env: { RUNPOD_API_BASE_URL: `${runpod.url}/v2` },
  }
  expect(await runCli({ ...withoutKey, args: ['keep', 'a', '1h'] })).toMatchObject({ code: 3 })
  const account = {
    id: status.account.id,
    baseUrl: `${runpod.url}/v2`,
    keyEnding: 'cess',
    encryptedKey: 'eA==',
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...configOf(folder), accounts: [account] }))
  expect(await runCli({ ...withoutKey, args: ['keep', 'a', '1h'] })).toMatchObject({ code: 0 })
  expect(await runCli({ ...withoutKey, args: ['stop', 'a', '--yes'] })).toMatchObject({ code: 0 })
  expect(actionsOf(runpod)).toEqual(['stop a'])
  expect(configOf(folder).accounts).toEqual([expect.objectContaining(account)])
})
