import { describe, expect, it } from 'vitest'
import type { SshKeySource } from '../../../src/core/terminal/ssh-keys'
import { chooseKeys, type KeyCandidate, MAX_OFFERED_KEYS } from '../../../src/ssh/keys/key-order'
import { fingerprintOf, type PublicKey } from '../../../src/ssh/keys/public-key'
import { ed25519, rsa } from './key-samples'

const key = (
  name: string,
  source: SshKeySource,
  publicKey: PublicKey | null,
  isUsable = true,
): KeyCandidate => ({
  name,
  source,
  publicKey,
  isUsable,
})
const names = (keys: readonly KeyCandidate[]): readonly string[] => keys.map(({ name }) => name)

describe('the offered keys', () => {
  it('are ordered by where they were found, not by when', () => {
    const found = [
      key('usual', 'usual-file', ed25519(1)),
      key('agent', 'agent', ed25519(2)),
      key('config', 'ssh-config', ed25519(3)),
      key('chosen', 'chosen-file', ed25519(4)),
      key('of the pod', 'pod-file', ed25519(5)),
    ]
    const order = ['of the pod', 'chosen', 'config', 'agent', 'usual']
    expect(names(chooseKeys(found, null))).toEqual(order)
    expect(names(chooseKeys([...found].reverse(), null))).toEqual(order)
  })

  it('keep the order of the places if two are of one kind', () => {
    const found = [key('first', 'usual-file', ed25519(1)), key('second', 'usual-file', ed25519(2))]
    expect(names(chooseKeys(found, null))).toEqual(['first', 'second'])
    expect(names(chooseKeys([...found].reverse(), null))).toEqual(['second', 'first'])
  })

  it("are the pod's own key, the chosen one and the registered ones, once these are known", () => {
    const found = [
      key('of the pod', 'pod-file', ed25519(5)),
      key('chosen', 'chosen-file', ed25519(4)),
      key('config', 'ssh-config', ed25519(3)),
      key('usual', 'usual-file', ed25519(1)),
    ]
    const registered = new Set([fingerprintOf(ed25519(1).blob)])
    expect(names(chooseKeys(found, registered))).toEqual(['of the pod', 'chosen', 'usual'])
    expect(names(chooseKeys(found, new Set()))).toEqual(['of the pod', 'chosen'])
  })

  it("end with those whose public half is unknown, except the pod's own key and the chosen one", () => {
    const found = [
      key('unknown', 'ssh-config', null),
      key('usual', 'usual-file', ed25519(1)),
      key('chosen', 'chosen-file', null),
      key('of the pod', 'pod-file', null),
    ]
    expect(names(chooseKeys(found, null))).toEqual(['of the pod', 'chosen', 'usual', 'unknown'])
  })

  it("contain each key once, from the agent if it has the key, at the file's position", () => {
    const file = key('config', 'ssh-config', ed25519(1))
    const agent = key('agent', 'agent', ed25519(1))
    const other = key('other', 'agent', ed25519(2))
    const marked = { ...agent, access: 'by the agent' }
    expect(chooseKeys([file, other, marked], null)).toEqual([
      { ...marked, name: 'config', source: 'ssh-config' },
      other,
    ])
    expect(names(chooseKeys([agent, file], null))).toEqual(['agent'])
    expect(names(chooseKeys([file, key('twin', 'usual-file', ed25519(1))], null))).toEqual(['config'])
    expect(chooseKeys([file, key('twin', 'usual-file', ed25519(1))], null)[0]).toBe(file)
    const unknown = [key('one', 'usual-file', null), key('two', 'usual-file', null)]
    expect(names(chooseKeys(unknown, null))).toEqual(['one', 'two'])
  })

  it('are usable and long enough', () => {
    const found = [
      key('broken', 'chosen-file', ed25519(1), false),
      key('broken too', 'usual-file', null, false),
      key('short', 'usual-file', rsa(1024)),
      key('long', 'usual-file', rsa(2048)),
    ]
    expect(names(chooseKeys(found, null))).toEqual(['long'])
  })

  it('are limited to six', () => {
    const found = Array.from({ length: 9 }, (_, n) => key(String(n), 'agent', ed25519(n)))
    expect(MAX_OFFERED_KEYS).toBe(6)
    expect(names(chooseKeys(found, null))).toEqual(['0', '1', '2', '3', '4', '5'])
    const registered = new Set(found.map((_, n) => fingerprintOf(ed25519(n).blob)).slice(2))
    expect(names(chooseKeys(found, registered))).toEqual(['2', '3', '4', '5', '6', '7'])
  })
})
