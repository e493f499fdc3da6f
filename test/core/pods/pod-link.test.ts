import fc from 'fast-check'
import { expect, test } from 'vitest'
import { podKeyOf } from '../../../src/core/pods/pod'
import { findPodLink, parsePodLink, podLink } from '../../../src/core/pods/pod-link'
import { anyCharacter } from '../../harness/base/any-character'

test('a link names the pod that it was made of', () => {
  const id = fc.stringMatching(/^[\w .:ä😀!'()*-]{1,30}$/u)
  fc.assert(
    fc.property(id, fc.oneof(id, fc.constant('with/slash')), (accountId, podId) => {
      expect(parsePodLink(podLink(accountId, podId))).toBe(podKeyOf(accountId, podId))
    }),
  )
})

test('a link is made of any id, also of one that is no text', () => {
  expect(podLink('a', '\ud800')).toBe('podkeeper://pod/a/%EF%BF%BD')
})

test('whatever is no link to a pod names none', () => {
  for (const link of [
    '',
    'podkeeper://stop',
    'podkeeper://pod/a',
    'podkeeper://pod/a/b/stop',
    'podkeeper://pod/a/b?stop=1',
    'podkeeper://pod/a/b#x',
    'podkeeper://terminate/a/b',
    'podkeeper://pod/a%2Fb/c',
    'podkeeper://pod/a/%00',
    'podkeeper://pod/a/%E2%80%AE',
    'podkeeper://pod/a/%FF',
    'podkeeper://pod/a/b --no-sandbox',
    'podkeeper://pod//b',
    'https://pod/a/b',
    `podkeeper://pod/a/${'b'.repeat(2_000)}`,
    `podkeeper://pod/a/${'b'.repeat(201)}`,
  ])
    expect(parsePodLink(link), link).toBeNull()
})

test('any text is a link to a pod or none, and never fails', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      for (const link of [text, `podkeeper://pod/${text}`, `podkeeper://pod/a/${text}`]) {
        const key = parsePodLink(link)
        if (key !== null) expect(key).toMatch(/^[^/]+\/./u)
      }
    }),
  )
})

test('the first link among arguments is found, however its scheme is written', () => {
  expect(findPodLink(['/usr/bin/podkeeper', '--hidden', 'PodKeeper://pod/a/b', 'podkeeper://pod/c/d'])).toBe(
    'PodKeeper://pod/a/b',
  )
  expect(parsePodLink('PODKEEPER://POD/a/B/')).toBe('a/B')
  expect(findPodLink(['/usr/bin/podkeeper', '--user-data-dir=podkeeper://pod/a/b'])).toBeNull()
})
