import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { noInlineText } from '../../tools/lint/no-inline-text.mjs'

/** The sources of what the rule reports in a module. */
function reportsIn(code, options = []) {
  const reports = []
  const visitor = noInlineText.create({
    options,
    report: ({ node }) => reports.push(code.slice(node.start, node.end).trim()),
  })
  const { program, errors } = parseSync('module.tsx', code)
  expect(errors).toEqual([])
  const visit = (node, parent) => {
    if (typeof node?.type !== 'string') return
    node.parent = parent
    visitor[node.type]?.(node)
    for (const [name, child] of Object.entries(node))
      if (name !== 'parent') for (const one of [child].flat()) visit(one, node)
  }
  visit(program, null)
  return reports
}

test.each([
  ["import { text } from './a-text'; const x = <p title={text.title}>{text.body(name)}</p>"],
  ['const x = <kbd>/</kbd>'],
  ['const x = <p>{count} · {percent}% × {usd} …</p>'],
  ['const x = <Field unit="h" placeholder="?" />'],
  ['const x = <b className="message Bad stacked" id="Some id" />'],
  ["const x = <b className={isOpen ? 'open wide' : 'open'} style={{ transform: `translateX(${by}px)` }} />"],
  ['const x = <Popover placement="bottom start" kind="sheet" />'],
  ["const x = <Button onPress={() => run('refresh')} />"],
  ["if (event.key === 'Escape') close()"],
  ["switch (key) { case 'Home': go() }"],
  ["document.querySelector('Section > button').focus()"],
  ["const isLight = matchMedia('(prefers-color-scheme: light)')"],
  ["focus(isGpu ? '.gpu-table tbody' : '.cpu-table')"],
  ["throw new Error('the page has no #root')"],
  ["type Key = 'Page Up' | 'Page Down'"],
  ["const steps = { 'Page Up': 1 }"],
  ['const id = `tab-${terminal.id}`'],
  ['const pair = `${a} ${b}`'],
  ["const x = <p>{kind === 'All pods' ? text.all : text.some}</p>"],
])('what is no text may stand in a component: %s', (code) => {
  expect(reportsIn(code)).toEqual([])
})

test.each([
  ['const x = <h1>Settings</h1>', ['Settings']],
  ['const x = <p>to</p>', ['to']],
  ['const x = <p><b>{name}</b> is running.</p>', ['is running.']],
  ['const x = <nav aria-label="pages" />', ['"pages"']],
  ['const x = <Button label={`Stop ${name}`} />', ['`Stop ${name}`']],
  ["const x = <Field label={isOn ? 'on' : text.off} />", ["'on'"]],
  ["const x = <b>{isOn ? 'on' : 'off'}</b>", ["'on'", "'off'"]],
  ["const x = <b>{isOn && 'on'}</b>", ["'on'"]],
  ['const x = <b>{`${left} left`}</b>', ['`${left} left`']],
  ["const x = <Choice options={[{ id: 'all', label: 'All pods' }]} />", ["'All pods'"]],
  ["const x = <Button onPress={() => run('Couldn’t refresh', refresh())} />", ["'Couldn’t refresh'"]],
  ["const word = isOn ? 'Idle' : text.busy", ["'Idle'"]],
  ['const problem = `Use 1 to ${max} characters.`', ['`Use 1 to ${max} characters.`']],
  ["const rest = [name, '. Nothing was sent.']", ["'. Nothing was sent.'"]],
  ["function say() { return 'no answer yet' }", ["'no answer yet'"]],
])('text in a component is reported: %s', (code, found) => {
  expect(reportsIn(code)).toEqual(found)
})

test.each([
  ["throw new Error(isOpen ? 'It is open already.' : 'It was never opened.')"],
  ["const notFound = () => new Response('Not found', { status: 404 })"],
  ["log.warn('The history of a removed account stays', cause)"],
  ['remove(id).catch((cause) => session.log.error(`History of ${id} stays`, cause))'],
  ["console.error('Podkeeper does not start')"],
  ["const folder = join(home, 'Library', 'Application Support')"],
  ["const owner = await call(BUS, 'Get', 'ss', ['org.freedesktop.Secret.Collection', 'Locked'])"],
  ["const request = { ...BUS, member: 'Notify' }"],
  ['notices.add({ id: `account ${id}`, text })'],
  ["const isMac = platform.startsWith('Mac')"],
  ["const codes = new Set(['KeyF', `Digit${index}`])"],
  ["const type = 'text/html; charset=utf-8'"],
  ['const font = `bold ${px}px "JetBrains Mono"`'],
  ["const entry = ['Type=Application', `Exec=${command}`].join('\\n')"],
  ['const label = isMac ? `⌘${letter}` : `Ctrl Shift ${letter}`'],
  ["const account = { name: 'Hubify', program: 'podkeeper watch' }"],
])('what only programs and developers read may stand in any module: %s', (code) => {
  expect(reportsIn(code)).toEqual([])
})

test.each([
  ["throw new CliExit(exitCodes.usage, 'Nothing was changed.')", ["'Nothing was changed.'"]],
  ['throw new CliExit(1, `${problem} Nothing was saved.`)', ['`${problem} Nothing was saved.`']],
  ["const open = () => fail('The demo has no queue.')", ["'The demo has no queue.'"]],
  [
    "const open = () => fail({ message: 'This page may not request that.' })",
    ["'This page may not request that.'"],
  ],
  ["output.progress('No key is saved.')", ["'No key is saved.'"]],
  ["dialog.showErrorBox('Podkeeper cannot start', why)", ["'Podkeeper cannot start'"]],
  ["const title = 'DATA CENTER'", ["'DATA CENTER'"]],
  ["const lane = { label: 'Memory' }", ["'Memory'"]],
  ["const names = list.join(' and then ')", ["' and then '"]],
  ["const line = [name, 'Open'].join(': ')", ["'Open'"]],
  ["report('The history stays')", ["'The history stays'"]],
])('text in any other module is reported: %s', (code, found) => {
  expect(reportsIn(code)).toEqual(found)
})

test('functions that write to a log can be named, and their text is for developers', () => {
  const code = "report('No tray was found', cause); quit.force(`The ${why} ended`); show('No tray was found')"
  expect(reportsIn(code, [{ logs: ['report', 'force'] }])).toEqual(["'No tray was found'"])
  expect(reportsIn(code)).toHaveLength(3)
})
