import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isSameWork,
  jobQuestion,
  scheduleQuestion,
  shownScript,
} from '../../../src/core/confirmation/job-questions'
import { anyCharacter } from '../../harness/base/any-character'
import type { HostKeyOutlook } from '../../../src/core/terminal/seen-host-key'
import { jobSpec } from '../../harness/samples/job-spec'
import { podForm } from '../../harness/samples/pod-forms'

const question = (over: Parameters<typeof jobSpec>[0] = {}) =>
  jobQuestion({ spec: jobSpec(over), isNew: true, accountName: null }).text

describe('the question before a job enters the queue', () => {
  test('shows the whole command and everything else that decides what happens', () => {
    const text = question({
      name: 'train',
      command: 'cd /x\nrm -rf y',
      workingDirectory: '/workspace',
      variableNames: ['HF_TOKEN'],
      files: [{ name: 'a.py', path: '/home/me/a.py' }],
      resultsFolder: '/home/me/out',
      afterSuccess: 'stop',
      retries: 2,
    })
    expect(text).toMatchObject({ title: 'Add the job train?', script: 'cd /x\nrm -rf y', isHarmful: true })
    expect(text.lines.map((line) => line.text)).toEqual([
      'Runs these 2 lines on your pods.',
      'Where: 1 GPU',
      'In the folder /workspace',
      'Variables: HF_TOKEN',
      'Sends /home/me/a.py',
      'Fetches its results into /home/me/out',
      'After success, the pod is stopped.',
      'Time limit: 1 d, with up to 2 retries',
    ])
  })

  test('a yes counts for exactly one job', () => {
    const textOf = (command: string) =>
      jobQuestion({ spec: jobSpec({ command }), isNew: true, accountName: null }).text
    expect(textOf('a')).not.toEqual(textOf('b'))
  })

  test('no character of a command is invisible or moves the others', () => {
    expect(shownScript('echo \u202egnp.sh\u200b')).toBe('echo ⟨U+202E⟩gnp.sh⟨U+200B⟩')
    for (const unseen of [0x34f, 0x115f, 0x17b4, 0x180e, 0x2800, 0x3164, 0xfe0f, 0xe0100])
      expect(shownScript(`a${String.fromCodePoint(unseen)}b`)).toBe(
        `a⟨U+${unseen.toString(16).toUpperCase().padStart(4, '0')}⟩b`,
      )
    expect(shownScript('a\rb\r\nc')).toBe('a⟨U+000D⟩b\nc')
    fc.assert(
      fc.property(fc.array(anyCharacter, { maxLength: 40 }), (characters) => {
        expect(shownScript(characters.join(''))).not.toMatch(
          /[^\P{C}\n\p{Cn}]|[\u2028\u2029\u2800\p{Default_Ignorable_Code_Point}]/u,
        )
      }),
    )
  })

  test('an ordinary command is shown as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]( ?[!-~]\n?){0,40}$/), (command) => {
        expect(shownScript(command)).toBe(command)
      }),
    )
  })

  test('nothing is pushed out of sight by empty lines or spaces', () => {
    const shown = shownScript(`echo hi${'\n'.repeat(5_000)}rm -rf x${' '.repeat(3_000)}; y`)
    expect(shown.split('\n').length).toBeLessThan(6)
    expect(shown).toContain('⟨4,999 empty lines⟩')
    expect(shown).toContain('⟨3,000 spaces⟩')
    expect(shown).toContain('rm -rf x')
  })
})

describe('an edit', () => {
  test('is the same work only if it does the same in the same places', () => {
    const spec = jobSpec()
    expect(isSameWork(spec, { ...spec, name: 'other', priority: 'high', estimatedSeconds: 5 })).toBe(true)
    expect(isSameWork(spec, { ...spec, command: 'other' })).toBe(false)
    expect(isSameWork(spec, { ...spec, needs: { ...spec.needs, label: 'prod' } })).toBe(false)
    expect(isSameWork(spec, { ...spec, files: [{ name: 'a', path: '/etc/passwd' }] })).toBe(false)
    expect(isSameWork(spec, { ...spec, afterSuccess: 'stop' })).toBe(false)
    expect(isSameWork(spec, { ...spec, maxSeconds: 1 })).toBe(false)
  })
})

test('the question about pods for jobs says what becomes of a job without a trusted host key', () => {
  const ask = (allowed: Partial<Parameters<typeof scheduleQuestion>[0]>) =>
    scheduleQuestion({ places: [], starts: [], creates: [], ...allowed }).text
  const start = (keyOutlook: HostKeyOutlook) =>
    ask({ starts: [{ pod: { name: 'llama', podId: 'k7q2' }, maxPerHourUsd: 2, keyOutlook }] })
      .lines.map(({ text }) => text)
      .join('\n')
  expect(start('unknown')).toContain('so it is not started unless you choose that below')
  expect(start('changes')).toContain('had a new host key after its last start')
  expect(start('may-change')).toContain('the job waits for you unless you choose that below')
  expect(start('stays')).not.toContain('host key')
  const creates = [{ presetName: 'h100', form: podForm({}), accountName: null, maxPerHourUsd: 3 }]
  expect(
    ask({ creates })
      .lines.map(({ text }) => text)
      .join('\n'),
  ).toContain('none is created unless')
  expect([
    ask({ creates }).choice?.consequence,
    ask({ places: [{ name: 'a', podId: null }] }).choice,
  ]).toEqual([expect.stringContaining('could read the job’s variables'), undefined])
})

test('the question about auto-schedule names each pod and account where jobs may start', () => {
  const place = (name: string, podId: string | null) => ({ name, podId })
  const ask = (places: Parameters<typeof scheduleQuestion>[0]['places']) =>
    scheduleQuestion({ places, starts: [], creates: [] }).text
  expect(ask([place('Lab', null), place('alpha\u202e', 'k7q2')]).lines[0]?.text).toBe('For Lab, alpha (k7q2)')
  const many = ask(Array.from({ length: 12 }, (_, index) => place('llama', `p${index}`)))
  expect(many.lines[0]?.text).toBe('For these 12')
  expect(many.script?.split('\n')).toEqual(Array.from({ length: 12 }, (_, index) => `llama (p${index})`))
})
