import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  diskScript,
  folderScript,
  parseDisks,
  parseFolders,
  type PodDisk,
} from '../../../src/core/disk/disk-reading'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const container: PodDisk = { kind: 'container', path: '/', sizeGb: 50 }
const volume: PodDisk = { kind: 'volume', path: '/workspace', sizeGb: 100 }
const network: PodDisk = { kind: 'network-volume', path: '/workspace', sizeGb: 200 }
const KIB_PER_GIB = 1_024 ** 2

/** A line of `df -kP`. */
const line = (device: string, gib: number, usedGib: number, path: string, freeGib = gib - usedGib): string =>
  `${device} ${gib * KIB_PER_GIB} ${usedGib * KIB_PER_GIB} ${freeGib * KIB_PER_GIB} ${Math.round((100 * usedGib) / gib)}% ${path}`

const read = (disks: readonly PodDisk[], ...lines: readonly string[]) =>
  parseDisks(disks, `motd\n${lines.map((each) => `disk\n${each}\n`).join('')}end\n`)

describe('what df says of a disk', () => {
  test('is its use, where its size is about what the service says, in GB or GiB', () => {
    const found = read(
      [container, volume],
      line('overlay', 50, 41, '/'),
      line('/dev/sdb', 94, 9, '/workspace', 80),
    )
    expect(found).toEqual({
      ok: true,
      value: {
        disks: [
          { kind: 'container', path: '/', usedBytes: 41 * 1_024 ** 3, freeBytes: 9 * 1_024 ** 3 },
          { kind: 'volume', path: '/workspace', usedBytes: 9 * 1_024 ** 3, freeBytes: 80 * 1_024 ** 3 },
        ],
        unread: [],
      },
    })
  })

  test.each([
    ['the host’s disk', container, line('overlay', 7_000, 6_900, '/'), 'other-size'],
    [
      'the storage of a data center',
      network,
      line('mfs#eu:9421', 900_000, 870_000, '/workspace'),
      'other-size',
    ],
    ['a smaller disk', container, line('overlay', 20, 19, '/'), 'other-size'],
    [
      'a disk of unknown size',
      { ...volume, sizeGb: null },
      line('/dev/sdb', 100, 99, '/workspace'),
      'other-size',
    ],
    ['the disk below a mount that is missing', volume, line('overlay', 100, 99, '/'), 'not-mounted'],
    ['nothing', volume, '', 'no-answer'],
    ['something else', volume, 'df: /workspace: Transport endpoint is not connected', 'no-answer'],
    ['more used than there is', volume, line('/dev/sdb', 100, 130, '/workspace', 20), 'no-answer'],
    ['figures that are none', volume, '/dev/sdb - - - - /workspace', 'no-answer'],
  ] as const)('is not known if it shows %s', (_what, disk, text, why) => {
    const found = read([disk], text)
    expect(found).toMatchObject({ ok: true, value: { disks: [], unread: [{ path: disk.path, why }] } })
  })

  test('is a failure without its end, or with another number of answers', () => {
    expect(parseDisks([volume], 'sh: not found').ok).toBe(false)
    expect(parseDisks([volume], `disk\n${line('a', 100, 1, '/workspace')}`).ok).toBe(false)
    expect(read([container, volume], line('overlay', 50, 41, '/')).ok).toBe(false)
  })

  test('never throws and is never more than the disk has, whatever a pod prints', () => {
    const parts = fc.constantFrom(
      'disk',
      'end',
      '\n',
      ' ',
      '%',
      '/',
      '/workspace',
      '104857600',
      '9'.repeat(18),
      '0',
      'a',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (words) => {
        const found = parseDisks([volume], words.join(' ').replaceAll(' \n ', '\n'))
        for (const { usedBytes, freeBytes } of found.ok ? found.value.disks : []) {
          expect(usedBytes + freeBytes).toBeLessThanOrEqual(106 * 1_024 ** 3)
          expect(Math.min(usedBytes, freeBytes)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})

const sh = (script: string): string => execFileSync('sh', { input: script, encoding: 'utf8' })

describe('in a real shell', () => {
  test('the script reads the disk of this computer', () => {
    const { blocks, bsize, bavail, bfree } = statfsSync('/')
    const sizeGb = (blocks * bsize) / 1_024 ** 3
    const disks: readonly PodDisk[] = [
      { kind: 'container', path: '/', sizeGb },
      { ...volume, path: "/no such 'folder'" },
    ]
    const found = parseDisks(disks, sh(diskScript(disks)))
    expect(found).toMatchObject({
      ok: true,
      value: { disks: [{ path: '/' }], unread: [{ path: "/no such 'folder'", why: 'no-answer' }] },
    })
    const [disk] = found.ok ? found.value.disks : []
    // Other programs write meanwhile.
    expect((disk?.freeBytes ?? 0) / (bavail * bsize)).toBeCloseTo(1, 1)
    expect((disk?.usedBytes ?? 0) / ((blocks - bfree) * bsize)).toBeCloseTo(1, 1)
  })

  test('no path is run, and one that no terminal takes is not asked about', () => {
    const evil = ['/a$(touch /tmp/x)', "/a'; exit 3; '", '/a\nexit 3', '/ünter'].map((path) => ({
      ...volume,
      path,
    }))
    const found = parseDisks(evil, sh(diskScript(evil)))
    expect(found).toMatchObject({
      ok: true,
      value: { unread: [{ path: evil[0]?.path }, { path: evil[1]?.path }] },
    })
  })

  test('folders are measured, the largest first, down to the second level', () => {
    const folder = tempFolder('folders')
    for (const [path, kib] of Object.entries({ 'data/train': 300, 'data/deep/er': 50, small: 10 })) {
      mkdirSync(join(folder, path), { recursive: true })
      writeFileSync(join(folder, path, 'file'), Buffer.alloc(kib * 1_024, 1))
    }
    const disk = { path: folder }
    const found = parseFolders(disk, sh(folderScript(disk)))
    const paths = found.ok ? found.value.map(({ path }) => path.slice(folder.length)) : []
    expect(paths).toEqual(['', '/data', '/data/train', '/data/deep', '/small'])
    expect(found.ok && (found.value[0]?.bytes ?? 0) >= 360 * 1_024).toBe(true)
  })

  test('folders whose sum is missing are none, and what lies elsewhere is left out', () => {
    expect(parseFolders(volume, 'folders\n12\t/workspace/a\nend\n').ok).toBe(false)
    expect(parseFolders(volume, 'folders\n12\t/workspace\n').ok).toBe(false)
    expect(parseFolders(volume, 'folders\n12\t/workspace/a\n12\t/workspace\n9\t/etc\n8\tx\nend\n')).toEqual({
      ok: true,
      value: [
        { path: '/workspace', bytes: 12 * 1_024 },
        { path: '/workspace/a', bytes: 12 * 1_024 },
      ],
    })
  })
})
