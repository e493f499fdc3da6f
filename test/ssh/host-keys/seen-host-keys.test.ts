import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HostKeyObservation } from '../../../src/core/terminal/seen-host-key'
import { createHostKeyOutlookOf } from '../../../src/ssh/host-keys/host-key-outlook'
import { openSeenHostKeys } from '../../../src/ssh/host-keys/seen-host-keys'
import { dataFolder, tempFolder } from '../../harness/ssh/openssh-for-test'
import { ed25519 } from '../keys/key-samples'

const observation = (podId: string, name = 'A', startedAtMs = 1_000): HostKeyObservation => ({
  accountId: 'a',
  podId,
  startedAtMs,
  key: { algorithm: 'ssh-ed25519', fingerprint: `SHA256:${name}` },
  isAsked: false,
})

function open(folder = dataFolder('seen')) {
  const problems: string[] = []
  const file = openSeenHostKeys({ folder, onProblem: (text) => problems.push(text) })
  return { folder, path: join(folder, 'seen-host-keys.json'), problems, file }
}

describe('the keys that pods showed', () => {
  it('are shared by all programs of the folder, and private', () => {
    const { folder, path, file } = open()
    const other = open(folder).file
    expect(file.find('a', 'p')).toBeNull()
    file.observe(observation('p'), null)
    other.observe(observation('q', 'B'), null)
    expect(other.find('a', 'p')).toMatchObject({ key: observation('p').key, acceptedAtMs: null })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(other.accept(observation('p'), 7)).toBe(true)
    expect(file.find('a', 'p')?.acceptedAtMs).toBe(7)
    expect(file.accept(observation('p'), 8)).toBe(false)
    expect([file.find('b', 'p'), file.find('a', 'q')?.acceptedAtMs]).toEqual([null, null])
  })

  it('are accepted only as they were seen: that pod, that start, that key', () => {
    const { file } = open()
    file.observe(observation('p'), null)
    for (const other of [
      observation('q'),
      observation('p', 'B'),
      observation('p', 'A', 2_000),
      { ...observation('p'), accountId: 'b' },
    ])
      expect(file.accept(other, 7)).toBe(false)
    expect(file.accept(observation('p'), 7)).toBe(true)
  })

  it('are written only when there is news', () => {
    const { path, file } = open()
    file.observe(observation('p'), null)
    const before = statSync(path).ino
    file.observe(observation('p', 'B'), null)
    expect(statSync(path).ino).toBe(before)
  })

  it('keep the latest two thousand pods', () => {
    const { path, file } = open()
    const pods = Array.from({ length: 2_000 }, (_, index) => {
      const { isAsked, ...shown } = observation(`p${index}`)
      return { ...shown, isAsked, acceptedAtMs: null, hasChanged: null }
    })
    writeFileSync(path, JSON.stringify({ version: 1, pods }))
    file.observe(observation('new'), null)
    expect([file.find('a', 'p0'), file.find('a', 'p1')?.podId, file.find('a', 'new')?.podId]).toEqual([
      null,
      'p1',
      'new',
    ])
  })

  it('count as none where the file is damaged, which is copied, so that nothing is accepted by it', () => {
    const { folder, path, file } = open()
    for (const text of ['', '{', '{"version":2,"pods":[]}', '{"version":1,"pods":[{"podId":1}]}']) {
      writeFileSync(path, text)
      expect([file.find('a', 'p'), file.accept(observation('p'), 7)]).toEqual([null, false])
    }
    file.observe(observation('p'), null)
    expect(file.find('a', 'p')?.podId).toBe('p')
    expect(readdirSync(folder).some((name) => name.startsWith('seen-host-keys.json.damaged-'))).toBe(true)
  })

  it('know more in a file of a later version, and continue', () => {
    const { path, file } = open()
    file.observe(observation('p'), null)
    const later = JSON.parse(readFileSync(path, 'utf8'))
    later.more = later.pods[0].more = 1
    writeFileSync(path, JSON.stringify(later))
    expect(file.find('a', 'p')?.podId).toBe('p')
  })

  it('are neither written nor accepted where the folder is newer or the file can’t be written, which is reported once', () => {
    const newer = open()
    newer.file.observe(observation('p'), null)
    writeFileSync(join(newer.folder, 'format.json'), JSON.stringify({ version: 99 }))
    expect(newer.file.accept(observation('p'), 7)).toBe(false)
    const blocked = open()
    mkdirSync(join(blocked.path, 'in-the-way'), { recursive: true })
    for (const podId of ['p', 'q']) blocked.file.observe(observation(podId), null)
    expect([blocked.file.accept(observation('p'), 7), blocked.problems.length]).toEqual([false, 1])
  })
})

describe('the outlook of a stopped pod', () => {
  const proxy = { host: 'ssh.runpod.io', port: 22, username: 'p-1' }
  function outlook({ pinned = [] as readonly string[], knownHosts = '', isKnownProxy = true } = {}) {
    const home = tempFolder('home')
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh/known_hosts'), knownHosts)
    const { file } = open()
    const key = ed25519(1)
    const of = createHostKeyOutlookOf({
      hostKeys: {
        find: (scope) => {
          const name = scope.kind === 'pod' ? scope.podId : scope.host
          return pinned.includes(name) ? { scope, key, pinnedAtMs: 1, startedAtMs: 1 } : null
        },
      },
      seenKeys: file,
      home,
      isKnownProxy: () => isKnownProxy,
    })
    return {
      file,
      of: (publishesSsh: boolean | null) => of('a', { id: 'p', ssh: { direct: null, proxy } }, publishesSsh),
    }
  }

  it('is that of its own key where it has a server of its own', () => {
    expect(outlook({ pinned: ['ssh.runpod.io'] }).of(true)).toBe('unknown')
    expect(outlook({ pinned: ['p'] }).of(true)).toBe('may-change')
    const { file, of } = outlook()
    file.observe(observation('p'), null)
    expect(of(null)).toBe('unknown')
    file.accept(observation('p'), 7)
    expect(of(null)).toBe('may-change')
    file.observe(observation('p', 'A', 2_000), null)
    expect(of(null)).toBe('stays')
    file.observe(observation('p', 'B', 3_000), null)
    expect([of(null), of(true)]).toEqual(['unknown', 'unknown'])
  })

  it('is that of the proxy where it has none', () => {
    const line = `ssh.runpod.io ssh-ed25519 ${ed25519(1).blob.toString('base64')}\n`
    expect(outlook({ pinned: ['ssh.runpod.io'] }).of(false)).toBe('stays')
    expect(outlook({ pinned: ['ssh.runpod.io'] }).of(null)).toBe('stays')
    expect(outlook({ knownHosts: line }).of(false)).toBe('stays')
    expect(outlook({ knownHosts: line, isKnownProxy: false }).of(false)).toBe('unknown')
    expect(outlook().of(false)).toBe('unknown')
  })
})
