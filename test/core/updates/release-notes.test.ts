import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readReleaseNotes } from '../../../src/core/updates/release-notes'

const CHANGELOG = `# Changelog

What changed.

## Unreleased

### Added

- Something _new_.

## [0.2.0] - 2026-12-10

### Added

- _Stop idle pods…_ asks about all
  of them, see [the guide](#stop).
- \`podkeeper disk\` prints it, and a file_name_with_lines stays.

### Fixed

- A fault.

## 0.1.0 - 2026-12-01

### Added

- All of it.
`

test('what changed in a version is its own sections, with names and code told apart', () => {
  expect(readReleaseNotes(CHANGELOG, '0.2.0')).toEqual({
    version: '0.2.0',
    sections: [
      {
        title: 'Added',
        entries: [
          [
            { kind: 'name', text: 'Stop idle pods…' },
            { kind: 'text', text: ' asks about all of them, see the guide.' },
          ],
          [
            { kind: 'code', text: 'podkeeper disk' },
            { kind: 'text', text: ' prints it, and a file_name_with_lines stays.' },
          ],
        ],
      },
      { title: 'Fixed', entries: [[{ kind: 'text', text: 'A fault.' }]] },
    ],
  })
  expect(readReleaseNotes(CHANGELOG, '0.1.0')?.sections.map(({ title }) => title)).toEqual(['Added'])
})

test('a build of an unreleased version has what is to come, and a changelog with neither has nothing', () => {
  expect(readReleaseNotes(CHANGELOG, '0.3.0')).toMatchObject({
    version: null,
    sections: [{ title: 'Added' }],
  })
  expect(readReleaseNotes('# Changelog', '0.3.0')).toBeNull()
  expect(readReleaseNotes('', '0.3.0')).toBeNull()
})

test('no entry of the real changelog is lost or keeps its Markdown', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const notes = readReleaseNotes(changelog, '0.1.0')
  const entries = notes?.sections.flatMap((section) => section.entries) ?? []
  expect(entries).toHaveLength(changelog.match(/^- /gm)?.length ?? 0)
  for (const entry of entries) {
    const words = entry.filter(({ kind }) => kind !== 'code').map(({ text }) => text)
    expect(words.join('')).not.toMatch(/`|\]\(|(?<!\w)_|_(?!\w)/)
  }
})
