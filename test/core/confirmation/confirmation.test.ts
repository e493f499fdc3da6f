import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  confirm,
  confirmationText,
  isUnchangedSinceShown,
  shownPod,
} from '../../../src/core/confirmation/confirmation'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { pod, stoppedPod } from '../../harness/samples/pods'

const shown = (one: Pod, ...others: Pod[]) => shownPod('account-1', one, [one, ...others])

describe('the required input', () => {
  test('is the exact name', () => {
    const question = shown(pod())
    expect(question.acceptedInputs).toEqual(['trainer'])
    expect(confirm(question, 'trainer')).toBe(question)
    for (const typed of ['', 'Trainer', 'traine', 'trainers', 'pod-1', 'train\u200ber'])
      expect(confirm(question, typed)).toBeNull()
  })

  test('is the id where another pod has the same or a similar name', () => {
    for (const name of ['trainer', 'Trainer', ' trainer ', 'ｔｒａｉｎｅｒ']) {
      const question = shown(pod(), pod({ id: 'pod-2', name }))
      expect(question.acceptedInputs).toEqual(['pod-1'])
      expect(confirm(question, 'trainer')).toBeNull()
      expect(confirm(question, 'pod-2')).toBeNull()
      expect(confirm(question, 'pod-1')).toBe(question)
    }
  })

  test.each(['trаiner', 'тренер', 'train\u202eer', 'a\u200bb', '🚀', ' trainer', 'trainer '])(
    'may also be the id where a name is hard to type: %j',
    (name) => {
      const question = shown(pod({ name }))
      expect(question.acceptedInputs).toEqual([name, 'pod-1'])
      expect(confirm(question, 'pod-1')).toBe(question)
      expect(confirm(question, 'trainer')).toBeNull()
    },
  )

  test('may use composed or decomposed accents', () => {
    const question = shown(pod({ name: 'modèle' }))
    expect(confirm(question, 'mode\u0300le')).toBe(question)
  })

  test('may have a space before or after it, as it is copied', () => {
    const question = shown(pod({ name: 'llama' }))
    for (const typed of ['llama ', ' llama', '\tllama\n']) expect(confirm(question, typed)).toBe(question)
    for (const typed of ['lla ma', 'llama.', ' ']) expect(confirm(question, typed)).toBeNull()
    // A name that has one itself is that name only.
    const spaced = shown(pod({ name: 'llama ' }))
    expect([confirm(spaced, 'llama '), confirm(spaced, 'llama')]).toEqual([spaced, null])
  })

  test('is never anything else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (typed, name) => {
        const question = shown(pod({ name }))
        const isRight = [name, ...(question.acceptedInputs.length > 1 ? ['pod-1'] : [])]
          .map((text) => text.normalize('NFC'))
          .some((text) => text === typed.normalize('NFC') || text === typed.trim().normalize('NFC'))
        expect(confirm(question, typed) !== null).toBe(isRight)
      }),
    )
  })
})

describe('a confirmation applies to the pod as it was shown', () => {
  test.each<[string, Partial<Pod>]>([
    ['another run of it', { startedAtMs: START_MS }],
    ['another pod by the same id', { createdAtMs: START_MS }],
    ['another name', { name: 'other' }],
    ['a stopped one', { phase: 'stopped' }],
    ['a larger volume', { persistentMount: { sizeGb: 200, path: '/workspace' } }],
    ['no volume', { persistentMount: null }],
    ['a network volume', { networkMounts: [{ volumeId: 'v', path: '/data' }] }],
    ['mounts that cannot be read', { areMountsKnown: false }],
    ['another container disk', { containerDiskGb: 80 }],
    ['another price', { costPerHourUsd: 3 }],
  ])('and not after %s', (_, changes) => {
    expect(isUnchangedSinceShown(shown(pod()), 'account-1', pod(changes))).toBe(false)
  })

  test('and not to the pod of another account', () => {
    expect(isUnchangedSinceShown(shown(pod()), 'account-2', pod())).toBe(false)
  })

  test('and is independent of its figures', () => {
    expect(
      isUnchangedSinceShown(shown(pod()), 'account-1', pod({ telemetry: null, statusReason: 'x' })),
    ).toBe(true)
  })
})

describe('the text of a confirmation', () => {
  const words = (one: Pod, purpose: Parameters<typeof confirmationText>[0] = 'terminate') =>
    confirmationText(purpose, one, shown(one), START_MS + 3 * MINUTE_MS)

  test('names what is destroyed, its cost and its age', () => {
    const { title, confirmLabel, label, lines } = words(
      pod({ persistentMount: null, startedAtMs: START_MS - 9 * HOUR_MS, costPerHourUsd: 0.69 }),
    )
    expect(title).toBe('Terminate trainer?')
    expect(confirmLabel).toBe('Terminate trainer')
    expect(label).toBe("Type the pod's name")
    expect(lines).toEqual([
      { tone: 'bad', text: 'Destroys the container disk (40 GB) and everything on it' },
      { tone: 'bad', text: 'No volume is attached: all data on this pod will be lost' },
      { tone: 'plain', text: 'Ends $0.69/hr · running 9 h 3 min · $6.24 so far · created 2 h 3 min ago' },
    ])
  })

  test('says that the pod’s own volume is destroyed too', () => {
    expect(words(pod()).lines.map(({ text }) => text)).toEqual([
      'Destroys the container disk (40 GB) and everything on it',
      'Destroys the volume (100 GB) at /workspace and everything on it',
      'No network volume is attached: all data on this pod will be lost',
      expect.stringContaining('Ends $2.00/hr'),
    ])
  })

  test('says what is kept', () => {
    const attached = pod({ persistentMount: null, networkMounts: [{ volumeId: 'v', path: '/data' }] })
    expect(words(attached).lines).toContainEqual({ tone: 'good', text: 'Keeps the network volume at /data' })
    expect(
      words(attached)
        .lines.map(({ text }) => text)
        .join(),
    ).not.toContain('all data on this pod will be lost')
  })

  test('promises nothing about data that could not be read', () => {
    const { lines } = words(pod({ persistentMount: null, areMountsKnown: false, containerDiskGb: null }))
    expect(lines[0]?.text).toBe('Destroys the container disk and everything on it')
    expect(lines[1]).toEqual({
      tone: 'bad',
      text: 'Podkeeper couldn’t read what is mounted: all of it may be destroyed',
    })
  })

  test('of a stopped pod contains no running cost', () => {
    expect(words(stoppedPod()).lines.at(-1)?.text).toBe('stopped · created 2 h 3 min ago')
  })

  test('of a terminate at maximum hours says that there will be no further question', () => {
    const { title, confirmLabel, lines } = words(pod(), 'terminate-at-max-hours')
    expect(title).toBe('Terminate trainer at its maximum hours?')
    expect(confirmLabel).toBe('Terminate trainer at its maximum hours')
    expect(lines.map(({ text }) => text).join()).toContain('without asking again')
  })

  test('asks for the id where names are ambiguous', () => {
    const one = pod()
    const twins = shownPod('account-1', one, [one, pod({ id: 'pod-2' })])
    expect(confirmationText('terminate', one, twins, START_MS).label).toContain("Type this one's id: pod-1")
  })

  test('has short button labels', () => {
    expect(Array.from(words(pod({ name: 'x'.repeat(200) })).confirmLabel).length).toBeLessThan(45)
  })
})
