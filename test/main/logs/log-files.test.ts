import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogFiles } from '../../../src/main/logs/log-files'

async function choose(name = 'log.txt', podName = 'llama 70b') {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'))
  const path = join(folder, name)
  const suggested: string[] = []
  const files = createLogFiles(
    async (suggestedName) => {
      suggested.push(suggestedName)
      return path
    },
    () => Date.UTC(2026, 10, 24),
  )
  const chosen = await files.choose(podName)
  if (!chosen.ok || chosen.value === null) throw new Error(JSON.stringify(chosen))
  return { folder, path, files, suggested, fileId: chosen.value.fileId }
}

describe('a saved log', () => {
  it('is written in parts, and takes its place once it is complete', async () => {
    const { folder, path, files, fileId, suggested } = await choose()
    writeFileSync(path, 'before')
    expect(files.append(fileId, 'one\n').ok && files.append(fileId, 'zwei ü\n').ok).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('before')
    expect(files.finish(fileId, true).ok).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\n')
    expect(readdirSync(folder)).toEqual(['log.txt'])
    expect(suggested).toEqual(['llama-70b-log-2026-11-24.txt'])
    expect(files.append(fileId, 'late').ok).toBe(false)
  })

  it.each(['given up', 'replaced by another', 'lost with its window'])(
    'leaves nothing when it is %s',
    async (how) => {
      const { folder, files, fileId } = await choose()
      files.append(fileId, 'x')
      if (how === 'given up') expect(files.finish(fileId, false).ok).toBe(true)
      else if (how === 'lost with its window') files.close()
      else {
        const next = await files.choose('other')
        files.finish(next.ok ? next.value!.fileId : -1, false)
      }
      expect(readdirSync(folder)).toEqual([])
      expect(files.append(fileId, 'y').ok).toBe(false)
      expect(files.finish(fileId, true).ok).toBe(false)
    },
  )

  it('is not opened for a window that is gone by the time a file is chosen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'))
    let answer = (_path: string): void => {}
    const files = createLogFiles(() => new Promise((resolve) => (answer = resolve)), Date.now)
    const choosing = files.choose('p')
    files.close()
    answer(join(folder, 'log.txt'))
    expect(await choosing).toEqual({ ok: true, value: null })
    expect(readdirSync(folder)).toEqual([])
  })

  it('goes where a link leads', async () => {
    const { folder, path, files } = await choose()
    files.close()
    symlinkSync(join(folder, 'real.txt'), path)
    writeFileSync(join(folder, 'real.txt'), 'old')
    const again = await files.choose('p')
    const fileId = again.ok ? again.value!.fileId : -1
    files.append(fileId, 'new')
    files.finish(fileId, true)
    expect(readFileSync(join(folder, 'real.txt'), 'utf8')).toBe('new')
  })

  it('says when the disk is full, and leaves what was there', async () => {
    const files = createLogFiles(async () => '/dev/full-folder/log.txt', Date.now)
    expect(await files.choose('p')).toMatchObject({ ok: false })
    const { path, files: others, fileId } = await choose()
    // A file may not be larger than that.
    const part = 'x'.repeat(64 * 1024 * 1024)
    const results = Array.from({ length: 9 }, () => others.append(fileId, part).ok)
    expect(results.at(-1)).toBe(false)
    expect(existsSync(path)).toBe(false)
  })

  it('has a name without what could lead elsewhere', async () => {
    const { suggested, files } = await choose('log.txt', '../../etc/pass\u202ewd')
    expect(suggested).toEqual(['etc-pass-wd-log-2026-11-24.txt'])
    files.close()
    const none = await choose('log.txt', '中文')
    expect(none.suggested).toEqual(['pod-log-2026-11-24.txt'])
    none.files.close()
  })
})
