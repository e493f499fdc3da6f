import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printedLine } from '../../../src/cli/commands/logs/logs'
import { createOutput } from '../../../src/cli/output/terminal'
import { jsonHttp } from '../../../src/node/pods-api/http-reply'

/* What a terminal would obey in output for scripts: DEL and C1, which JSON allows in a string as they are. */

const CONTROLS = Array.from({ length: 0xa0 - 0x7f }, (_, at) => String.fromCharCode(0x7f + at)).join('')
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

function printed(text: string): string {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  createOutput(stdout, stderr, {}).result(text)
  return String(stdout.read())
}

/** The ways in which JSON leaves. */
const ways: Readonly<Record<string, (text: string) => unknown>> = {
  'the result of a command': (text) => JSON.parse(plain(printed(JSON.stringify({ text }, null, 2)))).text,
  'a line of a log': (text) =>
    JSON.parse(
      plain(
        printedLine(
          { id: 'a', atMs: 0, source: 'container', text },
          { isJson: true, hasColor: false, hasSources: false },
        ),
      ),
    ).line,
  'a reply of the served API': (text) => JSON.parse(plain(jsonHttp({ text }).body)).text,
}

function plain(json: string): string {
  expect(json).not.toMatch(RAW)
  return json
}

test.each(Object.entries(ways))('%s is JSON without raw control characters, and means the same', (_, way) => {
  expect(way(`llama${CONTROLS}31m`)).toBe(`llama${CONTROLS}31m`)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(way(text)).toBe(text)
    }),
  )
})

test('nothing else of the command line writes to standard output', () => {
  const files = readdirSync('src/cli', { recursive: true, encoding: 'utf8' })
  const writing = files.filter(
    (name) =>
      name.endsWith('.ts') &&
      /stdout\s*\.\s*(?:write|end)\(/.test(readFileSync(join('src/cli', name), 'utf8')),
  )
  expect(writing.map((name) => name.replaceAll('\\', '/')).sort()).toEqual([
    // Completions for a shell.
    'commands.ts',
    // Lines of a log.
    'handlers/logs-command.ts',
    // Nothing: it waits until all is written.
    'index.ts',
    'output/terminal.ts',
    // Help.
    'program/program.ts',
  ])
})
