import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MAX_FOLDER_ITEMS } from '../../../src/core/files/files-view'
import { createLocalFolders } from '../../../src/main/files/local-folders'
import { randomFile, sha256 } from '../../harness/ssh/file-pod'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

import { filesBench as bench } from '../../harness/ssh/files-fixture'

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 10 })
const MB = 1_000_000

describe('a drop on a pod', () => {
  test('is asked about with its paths and its folder, and arrives with an equal hash', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'model'), randomFile(3 * MB))
    mkdirSync(join(b.local, 'data/inner'), { recursive: true })
    writeFileSync(join(b.local, 'data/inner/line\nfeed 🧪'), 'hello')
    expect(b.input.inputAgoMs('a/p')).toBeNull()
    expect(await b.drop(join(b.local, 'model'), join(b.local, 'data'))).toEqual({ ok: true, value: true })
    expect(b.questions[0]?.text).toMatchObject({ title: 'Upload 2 items to llama?', isHarmful: true })
    expect(b.questions[0]?.text.lines.map(({ text }) => text)).toEqual([
      'Pod p',
      join(b.local, 'model'),
      join(b.local, 'data'),
      `To: ${b.remote}`,
      'Files of the same name there are replaced. Folders are merged.',
    ])
    await poll(b.kind).toBe('done')
    expect(b.asked).toEqual(['host key of llama'])
    expect(sha256(join(b.remote, 'model'))).toBe(sha256(join(b.local, 'model')))
    expect(readFileSync(join(b.remote, 'data/inner/line\nfeed 🧪'), 'utf8')).toBe('hello')
    expect(b.newest()).toMatchObject({
      copied: 2,
      skippedCount: 0,
      place: b.remote,
      names: ['model', 'data'],
    })
    await poll(() => b.published.at(-1)?.transfers[0]?.state.kind).toBe('done')
    await poll(() => b.input.inputAgoMs('a/p')).not.toBeNull()
  })

  test('does nothing when it is refused, and when nothing of this computer was dropped', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'secret'), 'x')
    b.answers.agrees = false
    expect(await b.drop(join(b.local, 'secret'))).toEqual({ ok: true, value: false })
    expect(await b.drop()).toEqual({
      ok: false,
      error: 'Only files and folders of this computer can be uploaded.',
    })
    expect(b.transfers.view().transfers).toEqual([])
    expect(readdirSync(b.remote)).toEqual([])
    expect(b.asked).toEqual([])
  })

  test('on a pod that can’t be reached says why without a question', async () => {
    const b = await bench()
    for (const [seen, why] of [
      [b.podAt({ phase: 'stopped' }), /isn’t running/],
      [b.podAt({ ssh: { direct: null, proxy: { host: 'p', port: 22, username: 'u' } } }), /direct SSH/],
    ] as const) {
      b.show([seen])
      const dropped = await b.drop('/etc/hostname')
      expect(dropped.ok ? '' : dropped.error).toMatch(why)
    }
    expect(b.questions).toEqual([])
  })
})

describe('a transfer', () => {
  test('that is cut in the middle continues automatically, with an equal hash', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'model'), randomFile(16 * MB))
    b.relay.holdAfter(6 * MB)
    await b.drop(join(b.local, 'model'))
    await b.reachHeld()
    b.relay.cut()
    await poll(b.kind).toBe('done')
    expect(b.published.some(({ transfers }) => transfers[0]?.state.kind === 'copying')).toBe(true)
    expect(sha256(join(b.remote, 'model'))).toBe(sha256(join(b.local, 'model')))
    expect(readdirSync(b.remote)).toEqual(['model'])
  })

  test('is paused and resumed where it was, and canceled', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'model'), randomFile(16 * MB))
    b.relay.holdAfter(6 * MB)
    await b.drop(join(b.local, 'model'))
    await b.reachHeld()
    const id = b.newest()?.id ?? ''
    expect(b.transfers.openPodNames()).toEqual(['llama'])
    expect(b.transfers.pause(id)).toEqual({ ok: true, value: undefined })
    expect(b.kind()).toBe('paused')
    await poll(() => b.transfers.openPodNames()).toEqual([])
    expect(readdirSync(b.remote)).toEqual([expect.stringMatching(/^\.podkeeper-.*\.part$/)])
    // Twice at once starts it once.
    b.transfers.resume(id)
    b.transfers.resume(id)
    await poll(b.kind).toBe('done')
    expect(sha256(join(b.remote, 'model'))).toBe(sha256(join(b.local, 'model')))
    expect(readdirSync(b.remote)).toEqual(['model'])
    b.transfers.remove(id)
    expect(b.transfers.view().transfers).toEqual([])
    expect(b.transfers.resume(id)).toMatchObject({ ok: false })
  })

  test('ends with its pod, and is resumed when the pod runs again', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'model'), randomFile(16 * MB))
    b.relay.holdAfter(6 * MB)
    await b.drop(join(b.local, 'model'))
    await b.reachHeld()
    b.show([b.podAt({ phase: 'stopped' })])
    expect(b.newest()?.state).toEqual({
      kind: 'failed',
      message: 'The pod was stopped. Resume once it runs again.',
    })
    b.show([b.podAt()])
    b.transfers.resume(b.newest()?.id ?? '')
    await poll(b.kind).toBe('done')
    expect(sha256(join(b.remote, 'model'))).toBe(sha256(join(b.local, 'model')))
  })

  test('waits for others beyond three at a time', async () => {
    const b = await bench()
    b.relay.freeze()
    for (let number = 0; number < 5; number += 1) {
      writeFileSync(join(b.local, `file ${number}`), String(number))
      await b.drop(join(b.local, `file ${number}`))
    }
    const kinds = () => b.transfers.view().transfers.map(({ state }) => state.kind)
    expect(kinds()).toEqual(['waiting', 'waiting', 'connecting', 'connecting', 'connecting'])
    // One that is canceled makes room.
    b.transfers.remove(b.transfers.view().transfers[2]?.id ?? '')
    await poll(kinds).toEqual(['waiting', 'connecting', 'connecting', 'connecting'])
  })

  test('to a folder that the pod doesn’t have says so, and copies nothing under its name', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'model'), 'x')
    b.answers.chosen = join(b.local, 'model')
    await b.handlers.uploadChosen('a/p', `${b.remote}/missing`, 'files')
    await poll(b.kind).toBe('failed')
    expect(b.newest()?.state).toMatchObject({ message: expect.stringMatching(/has no folder .*missing/) })
    expect(readdirSync(b.remote)).toEqual([])
  })

  test('of a pod that isn’t trusted fails with the reason', async () => {
    const b = await bench({ isTrusted: false })
    await b.drop('/etc/hostname')
    await poll(b.kind).toBe('failed')
    expect(b.newest()?.state).toMatchObject({ message: expect.stringContaining("isn't trusted yet") })
  })

  test('names what was skipped', async () => {
    const b = await bench()
    mkdirSync(join(b.remote, 'data'))
    symlinkSync('/etc', join(b.remote, 'data/out'))
    writeFileSync(join(b.remote, 'data/in'), 'x')
    b.answers.chosen = b.local
    await b.handlers.downloadToChosen('a/p', b.remote, ['data'])
    await poll(b.kind).toBe('done')
    expect(b.newest()).toMatchObject({
      direction: 'download',
      place: 'local',
      copied: 1,
      skippedCount: 1,
      skipped: [{ path: 'data/out', reason: 'it is a link that leads out of the folder' }],
    })
    expect(readdirSync(join(b.local, 'data'))).toEqual(['in'])
  })
})

describe('folders of a pod', () => {
  test('are listed with permissions and links, folders first, whatever their names are', async () => {
    const b = await bench()
    const odd = Buffer.from([0xff, 0x0a, 0xfe])
    writeFileSync(Buffer.concat([Buffer.from(`${b.remote}/`), odd]), 'bytes')
    writeFileSync(join(b.remote, 'a‮gnp.exe'), 'x', { mode: 0o600 })
    mkdirSync(join(b.remote, 'z folder'))
    symlinkSync('z folder', join(b.remote, 'link'))
    symlinkSync('nowhere', join(b.remote, 'broken'))
    const listed = await b.podFolders.list('a/p', null)
    if (!listed.ok) throw new Error(listed.error)
    expect(listed.value.path).toBe(b.remote)
    expect(
      listed.value.items.map(({ path, kind, leadsTo, target }) => [path, kind, leadsTo, target]),
    ).toEqual([
      ['z folder', 'folder', null, null],
      ['a‮gnp.exe', 'file', null, null],
      ['broken', 'link', null, 'nowhere'],
      ['link', 'link', 'folder', 'z folder'],
      ['\udcff\n\udcfe', 'file', null, null],
    ])
    expect(listed.value.items[1]).toMatchObject({ mode: 0o600, sizeBytes: 1 })
    // Its bytes come back as they were.
    b.answers.chosen = b.local
    await b.handlers.downloadToChosen('a/p', b.remote, ['\udcff\n\udcfe'])
    await poll(b.kind).toBe('done')
    expect(readdirSync(b.local, 'buffer')).toEqual([odd])
  })

  test('are bounded, and listed again after the connection was lost', async () => {
    const b = await bench()
    mkdirSync(join(b.remote, 'many'))
    for (let number = 0; number < MAX_FOLDER_ITEMS + 5; number += 1)
      writeFileSync(join(b.remote, 'many', String(number)), '')
    expect(await b.podFolders.list('a/p', b.remote)).toMatchObject({ ok: true })
    b.relay.cut()
    const listed = await b.podFolders.list('a/p', join(b.remote, 'many'))
    expect(listed.ok && listed.value.items.length).toBe(MAX_FOLDER_ITEMS)
    expect(listed.ok && listed.value.leftOutCount).toBe(5)
    expect(await b.podFolders.list('a/p', '/nowhere')).toEqual({
      ok: false,
      error: '/nowhere can’t be listed: it isn’t there.',
    })
  })

  test('are made unless something has the name', async () => {
    const b = await bench()
    expect(await b.podFolders.make('a/p', b.remote, 'new 🧪')).toEqual({ ok: true, value: undefined })
    expect(readdirSync(b.remote)).toEqual(['new 🧪'])
    expect(await b.podFolders.make('a/p', b.remote, 'new 🧪')).toMatchObject({ ok: false })
  })
})

describe('what is in a folder of a pod', () => {
  async function setUp() {
    const b = await bench()
    for (const folder of ['data/inner', 'kept']) mkdirSync(join(b.remote, folder), { recursive: true })
    const files = ['data/a', 'data/inner/line\nfeed', 'data/.podkeeper-x.part', 'kept/a', 'old']
    for (const file of files) writeFileSync(join(b.remote, file), file)
    symlinkSync('../kept', join(b.remote, 'data/link'))
    symlinkSync('kept', join(b.remote, 'link'))
    const left = () => readdirSync(b.remote).sort()
    return { ...b, left, kept: () => readdirSync(join(b.remote, 'kept')) }
  }

  test('is deleted with everything in it once a person agreed to its names, and no link is followed', async () => {
    const b = await setUp()
    b.answers.agrees = false
    const all = ['data', 'link', 'old']
    expect(await b.handlers.deletePodFiles('a/p', b.remote, all)).toEqual({ ok: true, value: false })
    expect(b.left()).toEqual(['data', 'kept', 'link', 'old'])
    expect(b.questions[0]?.text).toMatchObject({
      title: 'Delete 3 items from llama?',
      confirmLabel: 'Delete',
      isDestructive: true,
    })
    expect(b.questions[0]?.text.lines.map(({ text }) => text)).toEqual([
      'Pod p',
      `${b.remote}/data (folder)`,
      `${b.remote}/link (link)`,
      `${b.remote}/old`,
      'Folders are deleted with everything in them. This can’t be undone.',
      'What links lead to stays.',
    ])
    b.answers.agrees = true
    expect(await b.handlers.deletePodFiles('a/p', b.remote, all)).toEqual({ ok: true, value: true })
    expect([b.left(), b.kept()]).toEqual([['kept'], ['a']])
  })

  test('stays if it was replaced while a person was asked, if it is gone, and if it is too much to be named', async () => {
    const b = await setUp()
    const replaced = { ...b.answers, agrees: true }
    Object.defineProperty(b.answers, 'agrees', {
      get() {
        renameSync(join(b.remote, 'data'), join(b.remote, 'moved'))
        symlinkSync('kept', join(b.remote, 'data'))
        return replaced.agrees
      },
    })
    expect(await b.handlers.deletePodFiles('a/p', b.remote, ['data'])).toMatchObject({
      ok: false,
      error: `${b.remote}/data was not deleted: it isn’t what it was anymore.`,
    })
    expect(b.left()).toEqual(['data', 'kept', 'link', 'moved', 'old'])
    const asked = b.questions.length
    for (const names of [['old', 'gone'], Array.from({ length: 51 }, (_, at) => `x${at}`)])
      expect((await b.handlers.deletePodFiles('a/p', b.remote, names)).ok).toBe(false)
    expect(b.questions).toHaveLength(asked)
    expect(b.kept()).toEqual(['a'])
  })

  test('is not deleted after the pod was restarted meanwhile', async () => {
    const b = await setUp()
    Object.defineProperty(b.answers, 'agrees', {
      get() {
        b.show([b.podAt({ startedAtMs: 2_000 })])
        return true
      },
    })
    expect(await b.handlers.deletePodFiles('a/p', b.remote, ['old'])).toMatchObject({ ok: false })
    expect(b.left()).toContain('old')
  })

  test('gets another name, and replaces nothing', async () => {
    const b = await setUp()
    const rename = (name: string, newName: string) => b.handlers.renamePodFile('a/p', b.remote, name, newName)
    expect((await rename('old', 'line\nfeed 🧪')).ok).toBe(true)
    expect((await rename('data', 'moved')).ok).toBe(true)
    expect((await rename('link', 'other link')).ok).toBe(true)
    expect(await rename('moved', 'kept')).toMatchObject({
      error: 'moved was not renamed: something has its name already.',
    })
    expect((await rename('gone', 'new')).ok).toBe(false)
    expect(b.left()).toEqual(['kept', 'line\nfeed 🧪', 'moved', 'other link'])
    expect(readdirSync(join(b.remote, 'moved')).sort()).toEqual(['.podkeeper-x.part', 'a', 'inner', 'link'])
  })
})

describe('what a page can name of this computer', () => {
  test('is only what is below a folder that a person opened', async () => {
    const b = await bench()
    mkdirSync(join(b.local, 'opened/inner'), { recursive: true })
    writeFileSync(join(b.local, 'secret'), 'x')
    symlinkSync('..', join(b.local, 'opened/out'))
    symlinkSync('inner', join(b.local, 'opened/in'))
    const root = await b.openLocal(join(b.local, 'opened'))
    const list = (path: string, id = root) => b.handlers.listLocalFolder(id, path)
    expect(await list('')).toMatchObject({
      ok: true,
      value: { items: [{ path: 'inner' }, { path: 'in', leadsTo: 'folder' }, { path: 'out' }] },
    })
    expect(await list('inner')).toMatchObject({ ok: true })
    const outside = { ok: false, error: 'This is outside of the folder that you opened.' }
    expect(await list('out')).toEqual(outside)
    expect(await list('in')).toEqual(outside)
    expect(await list('', 'guessed')).toMatchObject({ ok: false })
    expect(await b.handlers.uploadFrom('a/p', b.remote, root, 'out', ['secret'])).toEqual(outside)
    expect(await b.handlers.downloadTo('a/p', b.remote, ['x'], root, 'out')).toEqual(outside)
    expect(await b.handlers.uploadFrom('a/p', b.remote, root, '', ['out'])).toEqual({
      ok: false,
      error: 'out is a link. Open the folder that it leads to instead.',
    })
    expect(await b.handlers.uploadFrom('a/p', b.remote, root, '', ['gone'])).toMatchObject({ ok: false })
    expect(b.questions).toEqual([])
  })

  test('has no other names on Windows', async () => {
    const folder = tempFolder('opened')
    mkdirSync(join(folder, 'a\\b'))
    for (const [platform, isThere] of [
      ['linux', true],
      ['win32', false],
    ] as const) {
      const folders = createLocalFolders(platform)
      const { id } = folders.open(folder)
      expect((await folders.list(id, '')).ok).toBe(true)
      expect((await folders.list(id, 'a\\b')).ok).toBe(isThere)
      expect((await folders.sources(id, '', ['a\\b'])).ok).toBe(isThere)
      for (const path of ['..', 'C:', '..\\..']) expect((await folders.list(id, path)).ok).toBe(false)
    }
  })

  test('is copied either way only after a person agreed', async () => {
    const b = await bench()
    writeFileSync(join(b.local, 'up'), 'up')
    writeFileSync(join(b.remote, 'down'), 'down')
    const root = await b.openLocal()
    b.answers.agrees = false
    expect(await b.handlers.uploadFrom('a/p', b.remote, root, '', ['up'])).toEqual({ ok: true, value: false })
    expect(await b.handlers.downloadTo('a/p', b.remote, ['down'], root, '')).toEqual({
      ok: true,
      value: false,
    })
    expect(b.questions.map(({ text }) => text.title)).toEqual([
      'Upload 1 item to llama?',
      'Download 1 item from llama?',
    ])
    expect(b.questions[1]?.text.lines.map(({ text }) => text)).toContain(`To: ${b.local} on this computer`)
    expect(b.transfers.view().transfers).toEqual([])
    b.answers.agrees = true
    await b.handlers.uploadFrom('a/p', b.remote, root, '', ['up'])
    await b.handlers.downloadTo('a/p', b.remote, ['down'], root, '')
    await poll(() => b.transfers.view().transfers.map(({ state }) => state.kind)).toEqual(['done', 'done'])
    expect(readFileSync(join(b.remote, 'up'), 'utf8')).toBe('up')
    expect(readFileSync(join(b.local, 'down'), 'utf8')).toBe('down')
  })
})
