import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Question } from '../../../src/core/confirmation/question-queue'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { podKeyOf } from '../../../src/core/pods/pod'
import { createEditors, type EditorsOptions } from '../../../src/main/editors/editors'
import { startEditor } from '../../../src/node/editors/start-editor'
import { createHostFollower } from '../../../src/ssh/hosts/follow-hosts'
import { createHostFiles } from '../../../src/ssh/hosts/host-files'
import { writeFakeEditor } from '../../harness/cli/fake-editor'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { pod as somePod } from '../../harness/samples/pods'

const running = {
  ...somePod(),
  id: 'k7q2',
  name: 'llama',
  ssh: { direct: { host: '127.0.0.1', port: 2_222, username: 'root' }, proxy: null },
}
const KEY = podKeyOf('a', 'k7q2')
const CONFIG = 'Host *\n  Port 1\n'

function prepare(overrides: Partial<EditorsOptions> = {}) {
  const home = tempFolder('home')
  const bin = join(home, 'bin')
  for (const path of [join(home, '.ssh'), bin]) mkdirSync(path, { mode: 0o700 })
  const config = join(home, '.ssh/config')
  writeFileSync(config, CONFIG)
  const code = writeFakeEditor(join(bin, 'code'))
  const files = createHostFiles(home, '/data')
  const questions: Question[] = []
  const state = {
    pods: [running],
    answer: ok('') as Result<string | null, string>,
    /** What is answered to whether the pod may be opened. */
    opens: ok('') as Result<string | null, string>,
    command: null as string | null,
    used: 0,
  }
  const describe = () => Promise.resolve({ hostKey: 'ssh-ed25519 AAAA', identities: [] })
  const editors = createEditors({
    locations: { home, env: { PATH: bin }, platform: 'linux', customCommand: () => state.command },
    files,
    follower: createHostFollower({
      files,
      describeHost: describe,
      keysStamp: () => '',
      mayWrite: () => true,
      report: expect.unreachable,
    }),
    ask: (question) => {
      questions.push(question)
      return Promise.resolve(question.text.title.startsWith('Open ') ? state.opens : state.answer)
    },
    nameOf: () => 'Lab',
    podsOf: (accountId) => (accountId === 'a' || accountId === 'demo' ? state.pods : null),
    isDemo: (accountId) => accountId === 'demo',
    connect: () => Promise.resolve(ok(undefined)),
    isTrusted: () => Promise.resolve(true),
    start: startEditor,
    recordUse: () => (state.used += 1),
    saveCommand(command) {
      state.command = command
      return ok(undefined)
    },
    ...overrides,
  })
  return { editors, files, state, questions, code, config: () => readFileSync(config, 'utf8') }
}

test('the line is shown as it will be, and goes into the config only after a yes', async () => {
  const { editors, files, state, questions, code, config } = prepare()
  expect(editors.choices(KEY)).toEqual({
    ok: true,
    value: {
      editors: [{ id: 'code', name: 'VS Code' }],
      folder: expect.stringMatching(/^\//),
      alias: 'pod-llama-k7q2',
      line: files.line,
      isIncluded: false,
      problem: null,
    },
  })
  state.answer = ok(null)
  expect(await editors.edit(KEY, 'code', '/workspace')).toEqual(ok(false))
  expect(questions[1]?.text).toMatchObject({ script: files.line, lines: expect.anything() })
  expect(JSON.stringify(questions[1]?.text.lines)).toContain(files.configPath)
  expect([config(), code(), state.used]).toEqual([CONFIG, [], 0])

  state.answer = ok('')
  expect(await editors.edit(KEY, 'code', '/workspace')).toEqual(ok(true))
  await expect.poll(code).toEqual([['--remote', 'ssh-remote+pod-llama-k7q2', '/workspace']])
  expect([config(), state.used]).toEqual([`${files.line}\n${CONFIG}`, 1])
  // It is asked once.
  expect(await editors.edit(KEY, 'code', '/workspace')).toEqual(ok(true))
  expect(questions.filter(({ text }) => text.script !== undefined)).toHaveLength(2)

  state.answer = ok(null)
  expect(await editors.removeHosts()).toEqual(ok(false))
  expect(config()).toBe(`${files.line}\n${CONFIG}`)
  state.answer = ok('')
  expect(await editors.removeHosts()).toEqual(ok(true))
  expect(config()).toBe(CONFIG)
})

test('each editor is asked about with what it can do to this computer, and a refused one connects to nothing', async () => {
  const connected: string[] = []
  const connect: EditorsOptions['connect'] = (_target, name) => {
    connected.push(name)
    return Promise.resolve(ok(undefined))
  }
  const { editors, state, questions, code, config } = prepare({ connect })
  state.opens = ok(null)
  expect(await editors.edit(KEY, 'code', '/workspace')).toEqual(ok(false))
  expect(questions).toHaveLength(1)
  expect(questions[0]?.text.title).toBe('Open llama in VS Code?')
  expect(questions[0]?.text.lines.map(({ text }) => text)).toEqual([
    'Pod k7q2 in your account Lab',
    'Folder: /workspace',
    expect.stringContaining('can attack this computer'),
  ])
  expect([connected, code(), config(), state.used]).toEqual([[], [], CONFIG, 0])
  state.opens = ok('')
  for (let time = 0; time < 2; time++) expect(await editors.edit(KEY, 'code', '/workspace')).toEqual(ok(true))
  expect(questions.filter(({ text }) => text.title === 'Open llama in VS Code?')).toHaveLength(3)
})

test('what can’t be opened is shown, and nothing is started', async () => {
  const b = prepare()
  const refused = (text: string) => ({ ok: false, error: expect.stringContaining(text) })
  expect(await b.editors.edit(KEY, 'code', 'workspace')).toEqual(refused('full path'))
  expect(await b.editors.edit(KEY, 'cursor', '/')).toEqual(refused('isn’t installed'))
  expect(await b.editors.edit(KEY, 'custom', '/')).toEqual(refused('isn’t installed'))
  expect(await b.editors.edit(podKeyOf('demo', 'k7q2'), 'code', '/')).toEqual(refused('demo'))
  expect(await b.editors.edit(podKeyOf('b', 'k7q2'), 'code', '/')).toEqual(refused('no longer in the list'))
  b.state.pods = [{ ...running, phase: 'stopped' }]
  expect(await b.editors.edit(KEY, 'code', '/')).toEqual(refused('isn’t running'))
  b.state.pods = [{ ...running, ssh: { ...running.ssh, direct: null as never } }]
  expect(await b.editors.edit(KEY, 'code', '/')).toEqual(refused('no direct SSH'))
  const far = prepare({ connect: () => Promise.resolve(fail('its host key isn’t trusted')) })
  expect(await far.editors.edit(KEY, 'code', '/')).toEqual(refused('can’t connect to llama: its host key'))
  const untrusted = prepare({ isTrusted: () => Promise.resolve(false) })
  expect(await untrusted.editors.edit(KEY, 'code', '/')).toEqual(refused('trusts no key'))
  const begun = [b, far].map(({ questions, code }) => [questions.map(({ text }) => text.title), code()])
  expect(begun).toEqual([
    [[], []],
    [['Open llama in VS Code?'], []],
  ])
  expect(untrusted.code()).toEqual([])
})

test('a pod that stopped while a person was asked is not opened', async () => {
  const b = prepare()
  const opening = b.editors.edit(KEY, 'code', '/workspace')
  b.state.pods = [{ ...running, phase: 'stopped' }]
  expect(await opening).toMatchObject({ ok: false })
  expect(b.code()).toEqual([])
})

test('the command of another editor is typed in the app’s own window, and checked by it', async () => {
  const b = prepare()
  b.state.answer = ok(' sh {alias} ')
  expect(await b.editors.changeCommand()).toEqual(ok(true))
  expect(b.state.command).toBe('sh {alias}')
  const [question] = b.questions
  expect(question?.problem?.('sh -c x')).toContain('{alias}')
  expect(question?.problem?.('')).toBeNull()
  b.state.answer = ok('sh -c x')
  expect((await b.editors.changeCommand()).ok).toBe(false)
  b.state.answer = ok(null)
  expect(await b.editors.changeCommand()).toEqual(ok(false))
  expect(b.state.command).toBe('sh {alias}')
  b.state.answer = ok('')
  expect(await b.editors.changeCommand()).toEqual(ok(true))
  expect(b.state.command).toBeNull()
})
