import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  apiAddressQuestion,
  sendKeyQuestion,
  startDemoQuestion,
  webAppQuestion,
} from '../../../src/core/confirmation/account-questions'
import {
  autoStopQuestion,
  directStopQuestion,
  plannedStartQuestion,
} from '../../../src/core/confirmation/pod-questions'
import {
  channelAddressQuestion,
  channelTokenQuestion,
  offerButtonsQuestion,
  pairBotQuestion,
  removeChannelQuestion,
  unpairQuestion,
} from '../../../src/core/confirmation/channel-questions'
import {
  editorCommandQuestion,
  includeHostsQuestion,
  removeHostsQuestion,
} from '../../../src/core/confirmation/editor-questions'
import { scheduleQuestion } from '../../../src/core/confirmation/job-questions'
import { newPodQuestion } from '../../../src/core/confirmation/new-pod-question'
import { forgetInGuardQuestion } from '../../../src/core/confirmation/pod-guard-question'
import type { Question } from '../../../src/core/confirmation/question-queue'
import {
  allowClipboardQuestion,
  forgetHostKeyQuestion,
  hostKeyQuestion,
  passphraseQuestion,
} from '../../../src/core/confirmation/terminal-questions'
import { evaluateForm } from '../../../src/core/creation/form/evaluate-form'
import type { PodForm } from '../../../src/core/creation/form/pod-form'
import {
  disconnectServerQuestion,
  serverAddressQuestion,
  serverCertificateQuestion,
  serverTokenQuestion,
} from '../../../src/core/pods-api/server-questions'
import {
  newTokenQuestion,
  type NewToken,
  revokeTokenQuestion,
  shownTokenQuestion,
} from '../../../src/core/pods-api/token-questions'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'
import { differingIn } from '../../harness/base/differing-in'
import { formContext, podForm } from '../../harness/samples/pod-forms'
import { pod } from '../../harness/samples/pods'

/* A yes to what lasts, or to what is typed: the question shows all that it decides. See also `one-yes.test.ts`. */

const noProblem = (): null => null
const armed = (id: string, name: string, afterMs = HOUR_MS) => ({
  pod: pod({ id, name }),
  afterMs,
  isSelectedEarlier: false,
  wouldLoseAllData: false,
})
const twelve = (last: string) =>
  Array.from({ length: 12 }, (_, at) => ({ name: 'llama', podId: at === 11 ? last : `p${at}` }))
const place = (name: string, podId: string | null) => ({ name, podId })
type Allowed = Parameters<typeof scheduleQuestion>[0]
const start: Allowed['starts'][number] = {
  pod: place('llama', 'k7q2'),
  maxPerHourUsd: 2,
  keyOutlook: 'stays',
}
const create: Allowed['creates'][number] = {
  presetName: 'h100',
  form: podForm({}),
  accountName: 'Lab',
  maxPerHourUsd: 3,
}
const offered = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:offered' }
const known = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:known' }
const other = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:other' }
const direct = { route: 'direct', host: '203.0.113.5', port: 22_011 } as const
const token: NewToken = {
  name: 'ci',
  scopes: ['pods:write'],
  accountIds: null,
  maxHourlyUsd: 5,
  podNames: null,
  createdAtMs: 0,
  expiresAtMs: 30 * DAY_MS,
}

const questions: Readonly<Record<string, readonly Question[]>> = {
  'auto-stop': differingIn(
    ({ account, ...pods }) => autoStopQuestion(pods, account),
    {
      listed: [armed('a', 'llama')],
      unlistedIds: ['gone'] as readonly string[],
      includesLaterPods: false,
      account: 'Lab' as string | null,
    },
    {
      listed: [
        [armed('b', 'llama')],
        [armed('a', 'llama', 2 * HOUR_MS)],
        [armed('a', 'llama'), armed('b', 'llama')],
        Array.from({ length: 20 }, (_, at) => armed(`p${at}`, 'llama')),
      ],
      unlistedIds: [[], ['lost']],
      includesLaterPods: [true],
      account: ['Personal', null],
    },
  ),
  'starts of jobs': differingIn(
    scheduleQuestion,
    { places: [place('llama', 'k7q2')], starts: [start], creates: [create] },
    {
      places: [
        [place('llama', 'other')],
        [place('Lab', null)],
        [place('llama', 'k7q2'), place('llama', 'other')],
        twelve('p11'),
        twelve('p12'),
      ],
      starts: [
        [],
        [{ ...start, pod: place('llama', 'other') }],
        [{ ...start, maxPerHourUsd: 4 }],
        [{ ...start, keyOutlook: 'changes' }],
      ],
      creates: [
        [],
        [{ ...create, accountName: 'Personal' }],
        [{ ...create, maxPerHourUsd: 4 }],
        [{ ...create, presetName: 'h200' }],
        [{ ...create, form: podForm({ image: 'other:1' }) }],
        [{ ...create, form: podForm({ gpuCount: 2 }) }],
        [{ ...create, form: podForm({ environment: 'HF_TOKEN' }) }],
        [{ ...create, form: podForm({ containerDiskGb: '70' }) }],
        [{ ...create, form: podForm({ storage: { kind: 'persistent', sizeGb: '50', path: '/workspace' } }) }],
        [{ ...create, form: podForm({ storage: { kind: 'network', volumeId: 'v1', path: '/workspace' } }) }],
        [{ ...create, form: podForm({ storage: { kind: 'network', volumeId: 'v2', path: '/workspace' } }) }],
        [{ ...create, form: podForm({ ports: '8888/http' }) }],
        [{ ...create, form: podForm({ dataCenterIds: ['EU-RO-1'] }) }],
        [{ ...create, form: podForm({ maxHours: '8' }) }],
      ],
    },
  ),
  'a new pod': differingIn(
    ({ account, form }: { account: string | null; form: PodForm }) =>
      newPodQuestion({
        plan: evaluateForm(form, formContext()).plan!,
        template: null,
        warnings: [],
        accountName: account,
      }),
    { account: 'Lab' as string | null, form: podForm({ name: 'one', maxHours: '4' }) },
    {
      account: ['Personal', null],
      form: [
        podForm({ name: 'two', maxHours: '4' }),
        podForm({ name: 'one', maxHours: '5' }),
        podForm({ name: 'one', maxHours: '4', gpuCount: 2 }),
        podForm({ name: 'one', maxHours: '4', image: 'other:1' }),
        podForm({ name: 'one', maxHours: '4', containerDiskGb: '90' }),
        podForm({ name: 'one', maxHours: '4', ports: '8888/http' }),
        podForm({ name: 'one', maxHours: '4', environment: 'A=1' }),
        podForm({ name: 'one', maxHours: '4', mayLoseData: true }),
        podForm({ name: 'one', maxHours: '4', isAutoStopped: true }),
      ],
    },
  ),
  'a stop beside a server': differingIn(
    ({ pod: of, account, why }) => directStopQuestion(of, account, why),
    { pod: pod({ id: 'k7q2' }), account: 'Lab' as string | null, why: 'It has not answered.' },
    { pod: [pod({ id: 'other' })], account: ['Personal', null], why: ['It is gone.'] },
  ),
  'a planned start': differingIn(
    ({ pod: of, account, atMs, maxPerHourUsd, maxHours }) =>
      plannedStartQuestion({ atMs, maxPerHourUsd }, maxHours, 0)(of, account),
    {
      pod: pod({ id: 'k7q2' }),
      account: 'Lab' as string | null,
      atMs: DAY_MS,
      maxPerHourUsd: 2,
      maxHours: 4 as number | null,
    },
    {
      pod: [pod({ id: 'other' })],
      account: ['Personal', null],
      atMs: [2 * DAY_MS],
      maxPerHourUsd: [3],
      maxHours: [5, null],
    },
  ),
  'what another computer set in a guard': differingIn(
    ({ pod: of, account, set }) => forgetInGuardQuestion(of, set, account),
    { pod: pod({ id: 'k7q2' }), account: 'Lab' as string | null, set: { id: 'c1', name: 'desk' } },
    { pod: [pod({ id: 'other' })], account: ['Personal', null], set: [{ id: 'c2', name: 'attic' }] },
  ),
  'a token': differingIn(
    ({ accounts, ...of }: NewToken & { accounts: readonly string[] | null }) =>
      newTokenQuestion(of, accounts),
    { ...token, accounts: null as readonly string[] | null },
    {
      name: ['cd'],
      scopes: [['pods:read'], ['pods:operate'], ['pods:write', 'pods:terminate']],
      maxHourlyUsd: [6, null],
      expiresAtMs: [null, 60 * DAY_MS],
      accounts: [['Lab'], ['Lab', 'Personal']],
    },
  ),
  'a shown token': [shownTokenQuestion('ci', 'pkp_1'), shownTokenQuestion('ci', 'pkp_2')],
  'the end of a token': [revokeTokenQuestion({ name: 'ci' }), revokeTokenQuestion({ name: 'cd' })],
  'a known host key': differingIn(
    ({ name, inputs, ...keys }) => forgetHostKeyQuestion(name, inputs, keys),
    { name: 'llama', inputs: ['llama'] as readonly string[], server: direct, known, offered },
    {
      name: ['anna'],
      inputs: [['k7q2']],
      server: [{ ...direct, port: 22_012 } as never],
      known: [other],
      offered: [other],
    },
  ),
  'the address of keys': [null, 'https://a.test'].map((current) =>
    apiAddressQuestion({ current, isEnvironmentSet: false, problem: noProblem }),
  ),
  'where a key is sent': [
    sendKeyQuestion('a.test', 'setting'),
    sendKeyQuestion('b.test', 'setting'),
    sendKeyQuestion('a.test', 'environment'),
    sendKeyQuestion('a.test', 'setting', 'hubify'),
  ],
  'the demo': [
    startDemoQuestion([{ name: 'Lab', keyEnding: 'abcd' }]),
    startDemoQuestion([{ name: 'Lab', keyEnding: 'efgh' }]),
  ],
  'a web app': [
    webAppQuestion('a.test', 'Lab'),
    webAppQuestion('b.test', 'Lab'),
    webAppQuestion('a.test', 'Personal'),
  ],
  'where alerts go': [
    channelAddressQuestion('slack', null, noProblem),
    channelAddressQuestion('ntfy', null, noProblem),
    channelAddressQuestion('slack', { name: 'Team', host: 'a.test' }, noProblem),
    channelAddressQuestion('slack', { name: 'Team', host: 'b.test' }, noProblem),
  ],
  'the token of a channel': ['a.test', 'b.test'].map((host) => channelTokenQuestion(host, noProblem)),
  'the end of a channel': [
    removeChannelQuestion({ name: 'Team', host: 'a.test' }),
    removeChannelQuestion({ name: 'Team', host: 'b.test' }),
    removeChannelQuestion({ name: 'Lab', host: 'a.test' }),
  ],
  'the person who answers from a phone': differingIn(
    ({ name, ...shown }) => pairBotQuestion({ name }, shown),
    { name: 'Phone', bot: 'one_bot', code: '4829 1375', isStillMissing: false },
    { name: ['Lab'], bot: ['other_bot'], code: ['1111 2222'], isStillMissing: [true] },
  ),
  'the buttons of a channel': differingIn(
    ({ name, host, mayStop, replyTopic }) => offerButtonsQuestion({ name, host }, mayStop, replyTopic),
    { name: 'Phone', host: 'a.test', mayStop: true as boolean | null, replyTopic: 'topic-1' },
    { name: ['Lab'], mayStop: [false, null], replyTopic: ['topic-2'] },
  ),
  'the end of a pairing': differingIn(
    ({ name, personName }) => unpairQuestion({ name, phone: { personName, sinceMs: 0 } }),
    { name: 'Phone', personName: 'Ada' },
    { name: ['Lab'], personName: ['Bob'] },
  ),
  'the SSH config': [includeHostsQuestion, removeHostsQuestion].flatMap((ask) => [
    ask('~/.ssh/config', 'Include a'),
    ask('~/.ssh/config', 'Include b'),
    ask('/etc/ssh', 'Include a'),
  ]),
  'the command of an editor': [null, 'emacs'].map((current) => editorCommandQuestion(current, noProblem)),
  'programs that copy': [allowClipboardQuestion],
  'a server for an account': ['Lab', 'Personal'].map((name) => serverAddressQuestion(name, noProblem)),
  'a token for a server': ['a.test', 'b.test'].map((host) => serverTokenQuestion(host, noProblem)),
  'a certificate of a server': [
    serverCertificateQuestion('a.test', 'It is not known.'),
    serverCertificateQuestion('b.test', 'It is not known.'),
  ],
  'an account without its server': [
    disconnectServerQuestion('Lab', 'a.test'),
    disconnectServerQuestion('Lab', 'b.test'),
    disconnectServerQuestion('Personal', 'a.test'),
  ],
}

describe('a question shows all that a yes decides:', () => {
  test.each(Object.entries(questions))('%s', (_name, [...asked]) => {
    const shown = asked.map(({ text }) => JSON.stringify(text))
    expect(new Set(shown).size).toBe(shown.length)
    expect(asked.every(({ sharedAs }) => sharedAs === undefined)).toBe(true)
  })
})

test('an answer is shared for one passphrase, and for one host key of one account, and no other', () => {
  const shared = [
    ...['~/.ssh/a', '~/.ssh/b'].map((name) => passphraseQuestion(name, false)),
    ...differingIn(
      ({ name, account, ...key }) =>
        hostKeyQuestion(name, account, { ...key, kind: 'new', isKnownProxy: false, username: 'root' }),
      { name: 'llama', account: 'Lab', accountId: 'lab', server: direct, offered },
      {
        name: ['anna'],
        accountId: ['other'],
        server: [{ ...direct, port: 22_012 } as never],
        offered: [other],
      },
    ),
  ].map(({ sharedAs }) => sharedAs)
  expect(shared).not.toContain(undefined)
  expect(new Set(shared).size).toBe(shared.length)
})

test('there is no other question', () => {
  const texts = (folder: string): string =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n')
  const tested = texts('test/core/confirmation') + texts('test/core/pods-api')
  const names = [...texts('src/core').matchAll(/export (?:function|const) (\w+Question)\b/g)].map(
    ([, name = '']) => name,
  )
  expect(names.length).toBeGreaterThan(45)
  // Once where it is imported, and where it is asked.
  expect(names.filter((name) => tested.split(new RegExp(String.raw`\b${name}\b`)).length < 3)).toEqual([])
})
