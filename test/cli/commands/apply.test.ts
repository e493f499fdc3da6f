import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { carryOut, type CreatedToken } from '../../../src/cli/commands/configuration/carry-out'
import { fail } from '../../../src/core/base/result'
import { DAY_MS } from '../../../src/core/base/time/time'
import { openChannelStore } from '../../../src/node/channels/channel-store'
import { openHeartbeatFile } from '../../../src/node/data-folder/heartbeat-file'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { noKey } from '../../harness/cli/accounts'
import { newDataFolder, runCli } from '../../harness/cli/cli'

const SLACK = 'https://hooks.slack.com/services/T000/B000/abcdefghijklmnopqrstuvwx'
const filesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['config.json', 'channels.json', 'channel-secrets.json', 'api-tokens.json'].map((name) => {
      try {
        return [name, readFileSync(join(folder, name), 'utf8')]
      } catch {
        return [name, '']
      }
    }),
  )

const FILE = `
podkeeper: 1
settings:
  idleAlertAfterMin: 20
accounts:
  Lab:
    autoStop: selected
    allPods: { maxHours: 24 }
    rules:
      - name: scratch
        match: { name: "scratch-*" }
        isAutoStopped: true
channels:
  - name: Chat
    kind: slack
    address: { env: SLACK_WEBHOOK }
    route: critical
tokens:
  - name: grafana
    scopes: [pods:read]
    accounts: [Lab]
    pods: ["lab-*"]
`

let folder: string
let file: string
const run = (...args: string[]) =>
  runCli({ args, dataFolder: folder, env: { ...noKey, SLACK_WEBHOOK: SLACK } })

beforeEach(() => {
  folder = newDataFolder()
  file = join(folder, 'lab.yaml')
  writeFileSync(
    join(folder, 'cli-key.json'),
    JSON.stringify({
      version: 1,
      keys: [{ baseUrl: 'http://127.0.0.1:1/v2', key: FULL_KEY, accountId: 'lab-1', name: 'Lab' }],
    }),
    { mode: 0o600 },
  )
  writeFileSync(file, FILE)
})

describe('apply', () => {
  test('makes all of a file so, once', async () => {
    const first = await run('apply', file, '--diff')
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout).toContain('+ accounts.Lab.allPods.maxHours: 24')
    expect(first.stdout).toMatch(/^pkp_[\w-]{40,}$/m)
    expect(first.stdout + first.stderr).not.toContain(SLACK)
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    expect(config.settings).toMatchObject({ idleAlertAfterMin: 20, undoS: 1 })
    expect(config.guards['lab-1']).toMatchObject({
      autoStop: 'ticked',
      groupRules: { allPods: { maxHours: 24 }, patterns: [{ name: 'scratch' }] },
    })
    const listed = openApiTokensFile(folder).list()
    expect(listed.ok && listed.value).toMatchObject([{ accountIds: ['lab-1'], podNames: ['lab-*'] }])
    expect((await run('export')).stdout).toMatch(/pods:\s+- "?lab-\*"?/)
    const before = filesOf(folder)
    expect(await run('apply', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('There is nothing to change') as string,
    })
    expect(await run('apply', file, '--check')).toMatchObject({ code: 0 })
    expect(filesOf(folder)).toEqual(before)
  })

  test('sets a dead-man’s switch, once, whose address is printed and exported nowhere', async () => {
    const switchOf = () => openHeartbeatFile(folder).load()
    const apply = async (heartbeat: string) => {
      writeFileSync(file, `podkeeper: 1\nheartbeat: ${heartbeat}\n`)
      const applied = await run('apply', file, '--diff')
      expect(applied.stdout + applied.stderr).not.toContain('abcdefgh')
      return applied
    }
    expect(await apply('{ everyMinutes: 5 }')).toMatchObject({ code: 2 })
    expect(await apply('{ address: { env: NOT_SET } }')).toMatchObject({ code: 2 })
    expect((await apply('{ address: { env: SLACK_WEBHOOK } }')).stdout).toBe(
      '+ heartbeat.address: at hooks.slack.com\n+ heartbeat.everyMinutes: 5\nApplied: 2 changes.\n',
    )
    expect(switchOf()).toEqual({ ok: true, value: { url: SLACK, everyMinutes: 5 } })
    expect((await apply('{ address: { env: SLACK_WEBHOOK }, everyMinutes: 5 }')).stdout).toContain('nothing')
    await apply('{ everyMinutes: 10 }')
    expect(switchOf()).toEqual({ ok: true, value: { url: SLACK, everyMinutes: 10 } })
    const { stdout: exported } = await run('export')
    expect(exported).toMatch(/heartbeat:.*\n +everyMinutes: 10/)
    expect(exported).not.toContain('abcdefgh')
    writeFileSync(file, exported)
    expect((await run('apply', file)).stdout).toContain('nothing')
    await apply('null')
    expect(switchOf()).toEqual({ ok: true, value: null })
  })

  test('makes a token by its role, which is the same as its scopes, and needs one of both', async () => {
    const apply = (rights: string) => {
      writeFileSync(file, `podkeeper: 1\ntokens:\n  - name: night\n${rights}`)
      return run('apply', file)
    }
    expect((await apply('    role: administer\n')).code).toBe(0)
    const listed = openApiTokensFile(folder).list()
    expect(listed.ok && listed.value).toMatchObject([{ scopes: ['pods:terminate', 'pods:write'] }])
    expect((await apply('    scopes: [pods:terminate, pods:write]\n')).stdout).toContain('nothing')
    for (const wrong of ['', '    role: root\n', '    role: see\n    scopes: [pods:read]\n'])
      expect(await apply(wrong)).toMatchObject({ code: 2 })
    expect(await apply('    role: spend\n    pods: [a]\n    maxHourlyUsd: 5\n')).toMatchObject({ code: 2 })
    expect(openApiTokensFile(folder).list()).toEqual(listed)
  })

  test('renews a token that expired, once, with the rights and the time of the file', async () => {
    const tokens = openApiTokensFile(folder)
    const rights = { accountIds: ['lab-1'], maxHourlyUsd: null, podNames: ['lab-*'] } as const
    const times = { createdAtMs: 1_000, expiresAtMs: 2_000 }
    const old = tokens.create({ name: 'grafana', scopes: ['pods:read', 'pods:write'], ...rights, ...times })
    if (!old.ok) throw new Error(old.error)
    writeFileSync(file, `${FILE}    expires: 30d\n`)
    expect(await run('apply', file, '--check', '--diff')).toMatchObject({
      code: 8,
      stdout: expect.stringContaining('isExpired') as string,
    })
    const { code, stdout } = await run('apply', file)
    const [renewed = ''] = /^pkp_[\w-]{40,}$/m.exec(stdout) ?? []
    expect(code).toBe(0)
    const now = Date.now()
    expect(tokens.find(old.value.token, 1_500)).toBeNull()
    expect(tokens.find(renewed, now)).toMatchObject({ id: old.value.id, scopes: ['pods:read'], ...rights })
    expect(tokens.find(renewed, now + 31 * DAY_MS)).toBeNull()
    expect((await run('activity')).stdout).toMatch(/grafana/)
    expect((await run('apply', file)).stdout).toContain('There is nothing to change')
  })

  test('a renewed token is expired again where settings and rules can’t be written', async () => {
    const tokens = openApiTokensFile(folder)
    const fields = {
      name: 'ci',
      scopes: ['pods:read'],
      accountIds: null,
      maxHourlyUsd: null,
      podNames: null,
    } as const
    const old = tokens.create({ ...fields, scopes: ['pods:write'], createdAtMs: 1_000, expiresAtMs: 2_000 })
    if (!old.ok) throw new Error(old.error)
    const created: CreatedToken[] = []
    const carried = carryOut(
      {
        lines: [],
        config: { settings: { gapMin: 4 }, resets: [], accounts: {} },
        channels: [],
        tokens: [{ kind: 'renew', id: old.value.id, fields }],
        heartbeat: null,
        allowedLosses: [],
      },
      {
        store: openChannelStore(folder, null, () => {}),
        tokens,
        addresses: new Map(),
        heartbeat: { file: openHeartbeatFile(folder), kept: null, url: null },
        nowMs: () => 3_000,
        created,
        recordToken: async () => {},
        applyConfig: async () => fail({ code: 'failed', message: 'The disk is full.' }),
      },
    )
    await expect(carried).rejects.toThrow('taken back')
    expect(created).toEqual([])
    const listed = tokens.list()
    expect(listed.ok && listed.value).toMatchObject([
      { name: 'ci', scopes: ['pods:write'], createdAtMs: 1_000, expiresAtMs: 2_000 },
    ])
  })

  test('--check says what differs and writes nothing', async () => {
    const before = filesOf(folder)
    const checked = await run('apply', file, '--check', '--diff')
    expect(checked).toMatchObject({ code: 8, stdout: expect.stringContaining('+ channels.Chat') as string })
    expect(filesOf(folder)).toEqual(before)
  })

  test.each([
    ['idleAlertAfterMin: 20', 'idleAlertAfterMin: soon', '4:3'],
    ['idleAlertAfterMin: 20', 'runpodBaseUrl: https://x.example', '4:3'],
    ['maxHours: 24', 'maxHours: -1', '8:16'],
    ['maxHours: 24', 'atMaxHours: terminate', '8:16'],
    ['  Lab:', '  Nobody:', '6:3'],
    ['match: { name: "scratch-*" }', 'match: {}', '11:9'],
    ['env: SLACK_WEBHOOK', 'env: NOT_SET', '16:5'],
    ['address: { env: SLACK_WEBHOOK }', `address: ${SLACK}`, '16:5'],
    ['scopes: [pods:read]', 'scopes: [pods:everything]', '20:'],
    ['podkeeper: 1', 'podkeeper: 2', '2:1'],
    ['route: critical', 'route: [', '18:1'],
  ])('names the place of %s → %s and writes nothing', async (good, bad, place) => {
    writeFileSync(file, FILE.replace(good, bad))
    const before = filesOf(folder)
    const refused = await run('apply', file)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(`lab.yaml:${place}`)
    expect(refused.stderr).not.toContain(SLACK)
    expect(filesOf(folder)).toEqual(before)
  })

  test('asks before stops may lose data, and is nothing without an answer', async () => {
    writeFileSync(file, FILE.replace('isAutoStopped: true', 'mayLoseData: true'))
    const before = filesOf(folder)
    expect(await run('apply', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--allow-data-loss') as string,
    })
    expect(filesOf(folder)).toEqual(before)
    expect(await run('apply', file, '--allow-data-loss')).toMatchObject({ code: 0 })
    // It was allowed already.
    expect(await run('apply', file)).toMatchObject({ code: 0 })
  })

  test('keeps what the file doesn’t name, unless only says otherwise', async () => {
    await run('apply', file)
    writeFileSync(
      file,
      'podkeeper: 1\nsettings: { gapMin: 4 }\nchannels: []\naccounts: { lab: { rules: [] } }\n',
    )
    expect(await run('apply', file, '--diff')).toMatchObject({
      code: 0,
      stdout: '- settings.gapMin: 5\n+ settings.gapMin: 4\nApplied: 1 change.\n',
    })
    writeFileSync(
      file,
      'podkeeper: 1\nonly: [rules, channels, tokens, settings]\nsettings: {}\nchannels: []\ntokens: []\naccounts: { Lab: {} }\n',
    )
    expect(await run('apply', file)).toMatchObject({ code: 0 })
    expect((await run('export')).stdout).toBe((await run('export')).stdout)
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    expect(config).toMatchObject({
      settings: {},
      guards: { 'lab-1': { autoStop: 'ticked', groupRules: { allPods: {}, patterns: [] } } },
    })
    expect((await run('channel', 'list', '--json')).stdout).toContain('"channels": []')
    expect((await run('token', 'list')).stdout).toBe('')
  })

  test('takes back channels and tokens where settings and rules can’t be written', async () => {
    const store = openChannelStore(folder, null, () => {})
    const tokens = openApiTokensFile(folder)
    const address = { address: SLACK, token: null }
    const kept = await store.add('slack', 'Kept', 'hooks.slack.com', address)
    if (!kept.ok) throw new Error(kept.error)
    const [channelsBefore, tokensBefore] = [store.list(), tokens.list()]
    const fields = {
      name: 'ci',
      scopes: ['pods:read'],
      accountIds: null,
      maxHourlyUsd: null,
      podNames: null,
    } as const
    const created: CreatedToken[] = []
    const carried = carryOut(
      {
        lines: [],
        config: { settings: { gapMin: 4 }, resets: [], accounts: {} },
        channels: [
          { kind: 'add', at: 0, entry: { name: 'New', kind: 'slack' }, changes: { route: 'critical' } },
          { kind: 'change', id: kept.value.id, changes: { maxPerHour: 7 }, addressAt: 0 },
        ],
        tokens: [{ kind: 'add', fields }],
        heartbeat: null,
        allowedLosses: [],
      },
      {
        store,
        tokens,
        addresses: new Map([
          [0, { host: 'other.example', isKept: false, address: { ...address, address: `${SLACK}2` } }],
        ]),
        heartbeat: { file: openHeartbeatFile(folder), kept: null, url: null },
        nowMs: () => 0,
        created,
        recordToken: async () => {},
        applyConfig: async () => fail({ code: 'failed', message: 'The disk is full.' }),
      },
    )
    await expect(carried).rejects.toThrow('The disk is full. What was changed before was taken back.')
    expect([store.list(), tokens.list(), created]).toEqual([channelsBefore, tokensBefore, []])
    expect(await store.addressOf(kept.value.id)).toEqual({ ok: true, value: address })
  })

  test('shows a token that exists, although whether settings were written is not known', async () => {
    const created: CreatedToken[] = []
    const fields = {
      name: 'ci',
      scopes: ['pods:read'],
      accountIds: null,
      maxHourlyUsd: null,
      podNames: null,
    } as const
    const carried = carryOut(
      {
        lines: [],
        config: { settings: { gapMin: 4 }, resets: [], accounts: {} },
        channels: [],
        tokens: [{ kind: 'add', fields }],
        heartbeat: null,
        allowedLosses: [],
      },
      {
        store: openChannelStore(folder, null, () => {}),
        tokens: openApiTokensFile(folder),
        addresses: new Map(),
        heartbeat: { file: openHeartbeatFile(folder), kept: null, url: null },
        nowMs: () => 0,
        created,
        recordToken: async () => {},
        applyConfig: async () => fail({ code: 'lost', message: 'The connection ended.' }),
      },
    )
    await expect(carried).rejects.toThrow()
    expect(created).toMatchObject([{ name: 'ci', token: expect.any(String) }])
  })
})

test('what export prints changes nothing when it is applied, and has no secret', async () => {
  await run('apply', file)
  const exported = await run('export')
  expect(exported.stdout).not.toContain(SLACK)
  writeFileSync(file, exported.stdout)
  expect(await run('apply', file, '--check')).toMatchObject({ code: 0 })
})
