import { expect, test } from 'vitest'
import { loseDataQuestion, stopQuestion } from '../../../src/core/confirmation/pod-questions'
import { registerKeyQuestion } from '../../../src/core/confirmation/terminal-questions'
import { pod as podWith } from '../../harness/samples/pods'

const localKey = {
  name: '~/.ssh/id_ed25519',
  fingerprint: 'SHA256:abc',
  algorithm: 'ssh-ed25519',
  source: 'usual-file',
  isRegistered: false,
  problem: null,
} as const

/* Requests with the same id share one question, and so its answer. */

test.each([
  ['a stop', stopQuestion],
  ['a permission to lose data', loseDataQuestion],
])('a yes to %s of a pod is none for the pod of another account that has the same id', (_, question) => {
  const pod = podWith()
  const [own, lab] = [question(pod, `own/${pod.id}`, 'Personal'), question(pod, `lab/${pod.id}`, 'Lab')]
  expect(own.id).not.toBe(lab.id)
  expect(lab.text.lines[0]?.text).toBe('In your account Lab')
  expect(question(pod, `own/${pod.id}`, null).text.lines).toEqual(own.text.lines.slice(1))
})

test('a yes to register an SSH key counts for one account', () => {
  const own = registerKeyQuestion(localKey, 'own', 'Personal')
  const lab = registerKeyQuestion(localKey, 'lab', 'Lab')
  expect(own.id).not.toBe(lab.id)
  expect(lab.text.lines[0]?.text).toBe('In your account Lab')
})
