import { describe, expect, test } from 'vitest'
import { shownConfiguration } from '../../../src/core/changes/pod-edit'
import {
  addAccountQuestion,
  labPodQuestion,
  removeAccountQuestion,
  sameAccountQuestion,
} from '../../../src/core/confirmation/account-questions'
import { editPodQuestion } from '../../../src/core/confirmation/editor-questions'
import {
  templateQuestion,
  minimumQuestion,
  volumeQuestion,
} from '../../../src/core/confirmation/change-questions'
import { editQuestion } from '../../../src/core/confirmation/edit-questions'
import {
  deleteQuestion,
  downloadQuestion,
  uploadQuestion,
} from '../../../src/core/confirmation/file-questions'
import { jobQuestion } from '../../../src/core/confirmation/job-questions'
import {
  newPodGuardQuestion,
  podGuardQuestion,
  postStartQuestion,
} from '../../../src/core/confirmation/pod-guard-question'
import { loseDataQuestion, stopQuestion } from '../../../src/core/confirmation/pod-questions'
import { createQuestionQueue, type Question } from '../../../src/core/confirmation/question-queue'
import { localPortQuestion, podPageQuestion } from '../../../src/core/confirmation/reach-questions'
import {
  copyQuestion,
  linkQuestion,
  registerKeyQuestion,
  restartForKeyQuestion,
} from '../../../src/core/confirmation/terminal-questions'
import { stopIdleQuestion } from '../../../src/core/view/tray/stop-idle-question'
import { differingIn } from '../../harness/base/differing-in'
import { configuration, secretTemplate, volume } from '../../harness/samples/configurations'
import { endpointView } from '../../harness/samples/endpoints'
import { jobSpec } from '../../harness/samples/job-spec'
import { idleFor, podView, snapshotOf } from '../../harness/samples/pod-views'
import { pod } from '../../harness/samples/pods'

/* A yes is for one request, and the question shows all that it decides. */

const { isHighPerformance: _, ...data } = volume()
const sshKey = {
  name: '~/.ssh/id_ed25519',
  fingerprint: 'SHA256:abc',
  algorithm: 'ssh-ed25519',
  source: 'usual-file',
  isRegistered: false,
  problem: null,
} as const
const kept = { persistentMount: { path: '/workspace', sizeGb: 20 } } as const
const ofPod = { pod: pod({ id: 'k7q2' }), account: 'Lab' as string | null }
const otherPods = {
  pod: [pod({ id: 'other' }), pod({ id: 'k7q2', ...kept })],
  account: ['Personal', null],
}
const copied = { id: 'k7q2', name: 'llama', account: 'Lab', paths: ['/a', '/b'], folder: '/w' }
const otherCopies = {
  id: ['other'],
  name: ['anna'],
  account: ['Personal'],
  paths: [
    ['/a'],
    ['/a', '/c'],
    Array.from({ length: 20 }, (_path, at) => `/f${at}`),
    'abcdefghijkl'.split(''),
  ],
  folder: ['/v'],
}
const copyOf =
  (question: typeof uploadQuestion) =>
  ({ id, name, account, paths, folder }: typeof copied): Question =>
    question({ id, name, accountName: account }, paths, folder)

const nothingOf = { volume: null, others: [] }
const idle = (id: string) => podView({ id, activity: idleFor(20) })
const none: Question = stopQuestion(pod(), null)

const questions: Readonly<Record<string, readonly Question[]>> = {
  'a stop': differingIn(({ pod: of, account }) => stopQuestion(of, account), ofPod, otherPods),
  'a stop of idle pods': [
    [idle('a'), idle('b')],
    [idle('a'), idle('c')],
    [idle('a')],
    [idle('a'), idle('b'), idle('c')],
  ].map((stopped) => stopIdleQuestion({ stopped, leftOut: [] }, snapshotOf([]))),
  'losing data': differingIn(({ pod: of, account }) => loseDataQuestion(of, account), ofPod, otherPods),
  'a guard': differingIn(
    (of: typeof ofPod & { wish: 'stop' | 'report'; script: string }) =>
      podGuardQuestion(of.pod, of.wish, of.script, of.account),
    { ...ofPod, wish: 'stop', script: 'one' },
    { ...otherPods, wish: ['report'], script: ['two'] },
  ),
  'a guard at each start': differingIn(({ pod: of, account }) => postStartQuestion(of, account), ofPod, {
    pod: [pod({ id: 'other' })],
    account: ['Personal'],
  }),
  'a guard in new pods': differingIn(
    (of: { wish: 'stop' | 'report'; script: string; account: string }) =>
      newPodGuardQuestion(of.wish, of.script, of.account),
    { wish: 'stop', script: 'one', account: 'Lab' },
    { wish: ['report'], script: ['two'], account: ['Personal'] },
  ),
  'an edit': differingIn(
    (of: typeof ofPod & { edit: object }) =>
      editQuestion(of.edit, shownConfiguration(configuration()), of.pod, of.account),
    { ...ofPod, edit: { image: 'a:1' } as object },
    {
      pod: [pod({ id: 'other' })],
      account: ['Personal'],
      edit: [{ image: 'a:2' }, { args: 'x' }, { containerDiskGb: 90 }, { removedVariables: ['A'] }],
    },
  ),
  'a volume': differingIn(
    (of: { name: string; sizeGb: number; dataCenterId: string; account: string }) =>
      volumeQuestion({ kind: 'create', spec: { ...of, kind: 'standard' } }, nothingOf, of.account) ?? none,
    { name: 'data', sizeGb: 10, dataCenterId: 'EU-RO-1', account: 'Lab' },
    { name: ['more'], sizeGb: [11], dataCenterId: ['US-KS-2'], account: ['Personal'] },
  ),
  'a larger volume': differingIn(
    (of: { sizeGb: number; account: string }) =>
      volumeQuestion({ kind: 'grow', volume: data, sizeGb: of.sizeGb }, nothingOf, of.account) ?? none,
    { sizeGb: 200, account: 'Lab' },
    { sizeGb: [201], account: ['Personal'] },
  ),
  'a deletion of a template': differingIn(
    ({ account, ...of }: { id: string; name: string; variableNames: readonly string[]; account: string }) =>
      templateQuestion(
        secretTemplate(of),
        [secretTemplate({ name: 'leaky' }), secretTemplate({ id: 'tpl-2', name: 'leaky' })],
        account,
      ),
    { id: 'tpl-1', name: 'leaky', variableNames: ['HF_TOKEN'], account: 'Lab' },
    { id: ['tpl-2'], name: ['mine'], variableNames: [['A_TOKEN']], account: ['Personal'] },
  ),
  'a minimum of 0': differingIn(
    ({ account, ...of }: { id: string; name: string; minWorkers: number; account: string }) =>
      minimumQuestion(endpointView(of), account),
    { id: 'ep-1', name: 'image-generator', minWorkers: 1, account: 'Lab' },
    { id: ['ep-2'], name: ['chat'], minWorkers: [2], account: ['Personal'] },
  ),
  'an upload': differingIn(copyOf(uploadQuestion), copied, otherCopies),
  'a download': differingIn(copyOf(downloadQuestion), copied, otherCopies),
  'a deletion of files': differingIn(
    ({ id, name, account, paths, folder }: typeof copied) =>
      deleteQuestion(
        { id, name, accountName: account },
        folder,
        paths.map((path) => ({ name: path, kind: 'file' })),
      ),
    copied,
    otherCopies,
  ),
  'a pod of a lab': differingIn(
    ({ account, variables, ...choice }) => labPodQuestion(account, choice, variables),
    {
      gpuType: 'H100' as 'H100' | 'A100',
      gpuCount: 1,
      maxHours: 8 as number | null,
      image: 'a:1',
      volumeGb: 10,
      account: 'Lab',
      variables: ['A'],
    },
    {
      gpuType: ['A100'],
      gpuCount: [2],
      maxHours: [9, null],
      image: ['b:1'],
      volumeGb: [11],
      account: ['Personal'],
      variables: [[], ['A', 'B']],
    },
  ),
  'a job': differingIn(
    (of: { spec: ReturnType<typeof jobSpec>; account: string | null }) =>
      jobQuestion({ spec: of.spec, isNew: true, accountName: of.account }),
    { spec: jobSpec(), account: 'Lab' as string | null },
    {
      account: ['Personal', null],
      spec: [
        jobSpec({ command: 'other' }),
        jobSpec({ workingDirectory: '/w' }),
        jobSpec({ variableNames: ['A'] }),
        jobSpec({ files: [{ name: 'a', path: '/a' }] }),
        jobSpec({ resultsFolder: '/out' }),
        jobSpec({ afterSuccess: 'stop' }),
        jobSpec({ retries: 3 }),
        jobSpec({ maxSeconds: 60 }),
      ],
    },
  ),
  'an SSH key': differingIn(
    (of) => registerKeyQuestion(of.key, of.account, of.restarted),
    {
      key: sshKey,
      account: 'Lab',
      restarted: { id: 'k7q2', name: 'llama' } as { id: string; name: string } | null,
    },
    {
      key: [{ ...sshKey, fingerprint: 'SHA256:def' } as never],
      account: ['Personal'],
      restarted: [null, { id: 'other', name: 'llama' }, { id: 'k7q2', name: 'anna' }],
    },
  ),
  'a restart for an SSH key': differingIn(
    ({ id, name, account, activity }) => restartForKeyQuestion({ id, name }, account, activity),
    { id: 'k7q2', name: 'llama', account: 'Lab', activity: 'busy' as 'busy' | 'unknown' | 'idle' },
    { id: ['other'], name: ['anna'], account: ['Personal'], activity: ['unknown', 'idle'] },
  ),
  'a port of this computer': differingIn(
    ({ id, name, account, ...forward }) => localPortQuestion({ id, name, accountName: account }, forward),
    { id: 'k7q2', name: 'llama', account: 'Lab', remotePort: 80, localPort: 8_000 },
    { id: ['other'], name: ['anna'], account: ['Personal'], remotePort: [81], localPort: [8_001] },
  ),
  'a page of a pod': differingIn(
    ({ id, name, account, address }) => podPageQuestion({ id, name, accountName: account }, address),
    { id: 'k7q2', name: 'llama', account: 'Lab', address: 'https://a.test/' },
    { id: ['other'], name: ['anna'], account: ['Personal'], address: ['https://b.test/'] },
  ),
  'an editor': differingIn(
    ({ id, name, account, editor, folder }) =>
      editPodQuestion({ id, name, accountName: account }, editor, folder),
    { id: 'k7q2', name: 'llama', account: 'Lab', editor: 'Zed', folder: '/workspace' },
    { id: ['other'], name: ['anna'], account: ['Personal'], editor: ['Cursor'], folder: ['/'] },
  ),
  'copying by programs': differingIn(
    copyQuestion,
    { podName: 'llama', podId: 'k7q2', accountName: 'Lab' as string | null, text: 'a' },
    { podName: ['anna'], podId: ['other'], accountName: ['Personal', null], text: ['b'] },
  ),
  'a link': [
    linkQuestion('llama', 'a.test', 'https://a.test/1'),
    linkQuestion('llama', 'a.test', 'https://a.test/2'),
  ],
  'the end of an account': [
    removeAccountQuestion({ name: 'Lab', keyEnding: 'abcd' }),
    removeAccountQuestion({ name: 'Lab', keyEnding: 'efgh' }),
  ],
  'another account': [
    addAccountQuestion('abcd', 'api.runpod.io', 1),
    addAccountQuestion('efgh', 'api.runpod.io', 1),
    addAccountQuestion('abcd', 'localhost:1', 1),
    addAccountQuestion('abcd', 'api.runpod.io', 2),
    addAccountQuestion('abcd', 'api.runpod.io', ['Dark energy']),
    addAccountQuestion('abcd', 'api.runpod.io', ['Dark energy', 'Protein folds']),
  ],
  'the same account': [
    sameAccountQuestion('abcd', 'efgh', true),
    sameAccountQuestion('abcd', 'efgh', false),
    sameAccountQuestion('abcd', 'ijkl', true),
  ],
}
describe('a question shows all that a yes decides:', () => {
  test.each(Object.entries(questions))('%s', (_name, [...asked]) => {
    const shown = asked.map(({ text }) => JSON.stringify(text))
    expect(new Set(shown).size).toBe(shown.length)
    expect(asked.every(({ sharedAs }) => sharedAs === undefined)).toBe(true)
  })
})

test('a yes serves one request: the same question is refused while it is open, and asked anew afterward', async () => {
  let tokens = 0
  const queue = createQuestionQueue({ newToken: () => `token-${(tokens += 1)}`, onChange: () => {} })
  const question = stopQuestion(pod(), 'Lab')
  const first = queue.request(question)
  const second = queue.request(question)
  expect(second).toEqual({ ok: false, error: 'Podkeeper is asking about that already.' })
  queue.answer(queue.view()!.token, '')
  expect(first.ok && (await first.value.answer)).toBe('')
  expect(queue.view()).toBeNull()
  expect(queue.request(question).ok).toBe(true)
})
