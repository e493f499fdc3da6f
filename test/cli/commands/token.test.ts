import { expect, test } from 'vitest'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'
import { noKey } from '../../harness/cli/accounts'
import { newDataFolder, runCli } from '../../harness/cli/cli'

function commands() {
  const folder = newDataFolder()
  const run = (...args: string[]) => runCli({ args, dataFolder: folder, env: noKey })
  const file = openApiTokensFile(folder)
  const isValid = (token: string, atMs = Date.now()): boolean => file.find(token.trim(), atMs) !== null
  return { run, file, isValid }
}

test('a token that is created again with the same rights stays as it is, and another one takes its place only where that is asked for', async () => {
  const { run, file, isValid } = commands()
  const first = await run('token', 'create', 'ci')
  expect(first.stdout).toMatch(/^pkp_/)
  const before = file.list()
  expect(await run('token', 'create', 'CI')).toMatchObject({ code: 0, stdout: '' })
  expect(await run('token', 'create', 'ci', '--scope', 'pods:write')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('--replace') as string,
  })
  expect(file.list()).toEqual(before)
  const second = await run('token', 'create', 'ci', '--scope', 'pods:write', '--replace')
  expect(second.stdout).toMatch(/^pkp_/)
  expect([isValid(first.stdout), isValid(second.stdout)]).toEqual([false, true])
  expect((await run('activity')).stdout).toMatch(
    /“ci” \(pods:read\) was created[^]*\(pods:write\) was rotated/,
  )
})

test('a token expires after 90 days unless another time is chosen, and then is no token', async () => {
  const { run, file, isValid } = commands()
  const { stdout } = await run('token', 'create', 'ci')
  expect(isValid(stdout, Date.now() + 89 * DAY_MS)).toBe(true)
  expect(isValid(stdout, Date.now() + 91 * DAY_MS)).toBe(false)
  await run('token', 'create', 'forever', '--expires', 'never')
  const listed = file.list()
  expect(listed.ok && listed.value.map(({ expiresAtMs }) => expiresAtMs === null)).toEqual([false, true])
})

test('a rotated token and the one before it both count until the overlap ends', async () => {
  const { run, isValid } = commands()
  const first = (await run('token', 'create', 'ci')).stdout
  const second = (await run('token', 'rotate', 'ci', '--overlap', '2h')).stdout
  expect(second).toMatch(/^pkp_/)
  expect([isValid(first), isValid(second)]).toEqual([true, true])
  const later = Date.now() + 3 * HOUR_MS
  expect([isValid(first, later), isValid(second, later)]).toEqual([false, true])
  const third = (await run('token', 'rotate', 'ci', '--overlap', '0')).stdout
  expect([isValid(first), isValid(second), isValid(third)]).toEqual([false, false, true])
  await run('token', 'revoke', 'ci')
  expect(isValid(third)).toBe(false)
  expect((await run('activity')).stdout).toContain('“ci” (pods:read) was revoked')
  expect(await run('token', 'rotate', 'ci')).toMatchObject({ code: 5 })
})

test('a token for some pods says so, and is another one than that for all', async () => {
  const { run, file } = commands()
  await run('token', 'create', 'alice', '--pods', 'alice-*', 'shared-?')
  const listed = file.list()
  expect(listed.ok && listed.value[0]?.podNames).toEqual(['alice-*', 'shared-?'])
  expect((await run('token', 'list')).stdout).toContain(' · pods alice-*, shared-? · ')
  expect(JSON.parse((await run('token', 'list', '--json')).stdout).tokens[0].pods).toEqual([
    'alice-*',
    'shared-?',
  ])
  expect(await run('token', 'create', 'alice', '--pods', 'shared-?', 'alice-*')).toMatchObject({ code: 0 })
  expect(await run('token', 'create', 'alice')).toMatchObject({ code: 1 })
  await run('token', 'rotate', 'alice')
  const rotated = file.list()
  expect(rotated.ok && rotated.value[0]?.podNames).toEqual(['alice-*', 'shared-?'])
  expect(await run('token', 'create', 'bob', '--pods', '')).toMatchObject({ code: 2 })
})

test('a role is a name for scopes, and not given beside them', async () => {
  const { run, file } = commands()
  await run('token', 'create', 'night', '--role', 'operate')
  await run('token', 'create', 'lead', '--role', 'administer', '--max-hourly', '5')
  const listed = file.list()
  expect(listed.ok && listed.value.map(({ scopes }) => scopes)).toEqual([
    ['pods:operate'],
    ['pods:write', 'pods:terminate'],
  ])
  for (const wrong of [
    ['--role', 'root'],
    ['--role', 'see', '--scope', 'pods:write'],
    ['--role', 'operate', '--max-hourly', '5'],
  ])
    expect(await run('token', 'create', 'x', ...wrong)).toMatchObject({ code: 2, stdout: '' })
  expect(file.list()).toEqual(listed)
})

test('a limit of new pods is refused for a token of some pods, which creates none', async () => {
  const { run, file } = commands()
  const asked = ['token', 'create', 'x', '--scope', 'pods:write', '--pods', 'x-*', '--max-hourly', '5']
  expect(await run(...asked)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('creates none') as string,
  })
  expect(file.list()).toEqual({ ok: true, value: [] })
})
