const ESC = '\u001B'
const BEL = '\u0007'
const ST = `${ESC}\\`

/** Input that a malicious program would like to have typed for it. */
export const EVIL = 'rm -rf'

/** Output by which a malicious pod may try to get a reply, by name. */
export const hostileQuestions: Readonly<Record<string, string>> = {
  'the clipboard, ended by BEL': `${ESC}]52;c;?${BEL}`,
  'the clipboard, ended by ST': `${ESC}]52;p;?${ST}`,
  'the title': `${ESC}]0;${EVIL}${BEL}${ESC}[21t`,
  'the icon title': `${ESC}]1;${EVIL}${BEL}${ESC}[20t`,
  'a title put away and taken back': `${ESC}]2;${EVIL}${BEL}${ESC}[22;0t${ESC}[23;0t${ESC}[21t`,
  'the state of the window': `${ESC}[11t${ESC}[13t${ESC}[14t${ESC}[15t${ESC}[16t${ESC}[18t${ESC}[19t`,
  'a setting that is none': `${ESC}P$q${EVIL}${ST}`,
  'a setting that is one': `${ESC}P$q"p${ST}${ESC}P$qm${ST}${ESC}P$qr${ST}${ESC}P$q q${ST}`,
  'a capability': `${ESC}P+q726d202d7266${ST}`,
  'a colour that is no colour': `${ESC}]4;1;${EVIL}${BEL}${ESC}]4;1;?${BEL}`,
  colours: `${ESC}]10;?${BEL}${ESC}]11;?${ST}${ESC}]12;?${BEL}${ESC}]4;0;?;1;?${BEL}`,
  'who is there': '\u0005',
  'the version': `${ESC}[>q`,
  modes: `${ESC}[?2004$p${ESC}[4$p${ESC}[?99999$p`,
  'where the cursor is': `${ESC}[6n${ESC}[?6n${ESC}[5n`,
  'notes, pictures, folders': `${ESC}]9;${EVIL}${BEL}${ESC}]777;notify;${EVIL};${EVIL}${BEL}${ESC}]1337;File=name=cm0=:${EVIL}${BEL}${ESC}]7;file:///${EVIL}${BEL}`,
  'strings that mean nothing': `${ESC}_${EVIL}${ST}${ESC}^${EVIL}${ST}${ESC}X${EVIL}${ST}`,
  'a media copy': `${ESC}[i${ESC}[?5i${EVIL}\r${ESC}[?4i`,
}

/** A reply may contain only numbers and sequence names, and nothing chosen by the pod. */
export const HARMLESS_ANSWERS = new RegExp(
  `^(${[
    String.raw`\u001B\[[?>]?[\d;]*\$?[a-zA-Z]`,
    String.raw`\u001B\](4;\d+|1[012]);rgb:[\da-f]{4}/[\da-f]{4}/[\da-f]{4}(\u0007|\u001B\\)`,
    String.raw`\u001BP[01]\$r[\d;]*( q|"p|"q|m|r)?\u001B\\`,
    String.raw`\u001BP>\|xterm\.js\([\d.]+\)\u001B\\`,
  ].join('|')})*$`,
)

/**
 * Output that keeps a terminal busy, as JavaScript expressions that generate it: `share` of what
 * `npm run bench -- floods` sends.
 */
export function floods(share = 1): Readonly<Record<string, string>> {
  const megabytes = 10 * share
  const times = (count: number): number => Math.ceil(count * share)
  return {
    [`one line of ${megabytes} MB`]: `Buffer.alloc(${times(10_000_000)}, 'x')`,
    [`a string of ${megabytes} MB for nobody`]: `Buffer.from('\\x1b]9;' + 'x'.repeat(${times(10_000_000)}) + '\\x07')`,
    [`${megabytes} MB for the clipboard`]: `Buffer.from('\\x1b]52;c;' + 'eHh4'.repeat(${times(2_500_000)}) + '\\x07')`,
    'a sequence without an end': `Buffer.from('\\x1b[' + '1;'.repeat(${times(2_000_000)}))`,
    'nothing but errors': `Buffer.from('\\x1b[1\\x7f'.repeat(${times(500_000)}))`,
    'characters that are none': `Buffer.alloc(${times(4_000_000)}, Buffer.from([0xc3, 0x28, 0xf0, 0x9f, 0xff, 0x80, 0xed, 0xa0, 0x80]))`,
    'a title a thousand times': `Buffer.from(Array.from({ length: ${times(100_000)} }, (_, i) => '\\x1b]0;<img src=x onerror=alert(1)>' + i + '\\x07').join(''))`,
  }
}

/**
 * Output that needs far more work or memory than its length suggests, as JavaScript expressions that generate it. Those
 * that repeat something are `share` of what `npm run bench -- hostile` sends.
 */
export function attacks(share = 1): Readonly<Record<string, string>> {
  const times = (count: number): number => Math.ceil(count * share)
  return {
    'a scroll by 8,000,000 lines': "'\\x1b[8000000S'",
    'a scroll by 2,147,483,647 lines': "'\\x1b[2147483647S'",
    'scrolls by 999 lines': `'\\x1b[999S'.repeat(${times(10_923)})`,
    'a character repeated 2,147,483,647 times': "'a\\x1b[2147483647b'",
    '2,147,483,647 tabs': "'\\x1b[2147483647I\\x1b[2147483647Z'",
    'links on one line': `Buffer.from(Array.from({ length: ${times(100_000)} }, (_, i) => '\\x1b]8;;https://example.test/' + i + '\\x07x\\r').join(''))`,
    'marks in one cell': `'a' + '\\u0301'.repeat(${times(1_000_000)})`,
    'queries whose replies are not read': `'\\x1b[c'.repeat(${times(1_000_000)})`,
    'full resets': `'\\x1bc'.repeat(${times(32_000)})`,
    'colors in one sequence': `'\\x1b]4' + ';1;#123456'.repeat(${times(50_000)}) + '\\x07'`,
    'colors one by one': `Buffer.from(Array.from({ length: ${times(20_000)} }, (_, i) => '\\x1b]4;' + i % 256 + ';#' + String(100_000 + i) + '\\x07').join(''))`,
    'backgrounds one by one': `Buffer.from(Array.from({ length: ${times(20_000)} }, (_, i) => '\\x1b]11;#' + String(100_000 + i) + '\\x07').join(''))`,
  }
}
