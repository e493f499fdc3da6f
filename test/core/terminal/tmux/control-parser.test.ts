import {
  asciiBytes,
  asciiText,
  createControlParser,
  type ControlEvent,
} from '../../../../src/core/terminal/tmux/control-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const parse = (text: string, parser = createControlParser()): unknown =>
  parser.push(asciiBytes(text))?.map(readable) ?? null

const readable = (event: ControlEvent): unknown => {
  switch (event.kind) {
    case 'output':
      return [event.pane, asciiText(event.bytes)]
    case 'reply':
      return [event.isOurs, event.isError, asciiText(event.body)]
    case 'notice':
      return event.text
  }
}

/** As tmux writes it. */
const escaped = (bytes: Uint8Array): string =>
  asciiText(bytes).replace(/[\0-\x1f\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`) // oxlint-disable-line no-control-regex

describe('what tmux writes in control mode', () => {
  test('output is what programs wrote, with and without its age', () => {
    expect(parse('%output %0 a\\033[1mb\\134c: d\\015\\012\n%extended-output %12 345 : x : \\351\n')).toEqual(
      [
        [0, 'a\x1b[1mb\\c: d\r\n'],
        [12, 'x : \xe9'],
      ],
    )
  })

  test('a reply ends with the line that repeats its beginning, and with no other', () => {
    const body = '%end 1 2 1\n%output %0 no\n\n%begin 1 3 1'
    expect(
      parse(
        `%begin 1 3 1\n${body}\n%end 1 3 1\n%begin 2 4 0\n%error 2 4 0\n%begin 2 5 1\nwhy\n%error 2 5 1\n`,
      ),
    ).toEqual([
      [true, false, body],
      [false, true, ''],
      [true, true, 'why'],
    ])
  })

  test('other lines are notices, and what is no line of tmux is left out', () => {
    expect(parse('hello\n%exit\r\n\n%output %x y\n%output 1\n%extended-output %1 no colon\n')).toEqual([
      '%exit',
      '%output 1',
    ])
  })

  test('a line or a reply without an end takes limited memory', () => {
    const line = createControlParser()
    const chunk = 'x'.repeat(300_000)
    expect([1, 2, 3, 4].map(() => parse(`%output %0 ${chunk}`, line) !== null)).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(parse('\n%exit\n', line)).toBeNull()
    const reply = createControlParser()
    parse('%begin 1 1 1\n', reply)
    const many = new Uint8Array(1024 * 1024).fill(0x78)
    for (let at = 999; at < many.length; at += 1_000) many[at] = 0x0a
    let isOpen = true
    for (let index = 0; index < 20 && isOpen; index++) isOpen = reply.push(many) !== null
    expect(isOpen).toBe(false)
  })

  test('any output comes back, however it is split', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(80), { maxLength: 6 }), (bytes, cuts) => {
        const text = `%begin 1 1 1\n%output\n%end 1 1 1\n%output %3 ${escaped(bytes)}\n%exit\n`
        const parser = createControlParser()
        const at = [0, ...[...cuts].sort((a, b) => a - b), text.length]
        const events = at
          .slice(1)
          .flatMap((end, index) => parser.push(asciiBytes(text.slice(at[index], end))) ?? [])
        expect(events.map(readable)).toEqual([[true, false, '%output'], [3, asciiText(bytes)], '%exit'])
      }),
    )
  })
})
