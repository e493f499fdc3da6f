import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { noInlineText } from '../../tools/lint/no-inline-text.mjs'

/** The sources of what the rule reports in a component. */
function reportsIn(code) {
  const reports = []
  const visitor = noInlineText.create({
    report: ({ node }) => reports.push(code.slice(node.start, node.end).trim()),
  })
  const { program, errors } = parseSync('component.tsx', code)
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
