import { describe, expect, it } from 'vitest'
import { openSsh } from '../helpers/open-ssh'
import { desk, endpointOf, screenOf, target } from '../helpers/ssh-bench'

describe('a shell on a pod', () => {
  it('opens with a key of this computer, once a person trusts the server', async () => {
    const here = desk()
    const server = await openSsh({ authorized: [here.key().publicLine] })
    const screen = screenOf(await here.connect(target(endpointOf(server))))
    screen.type('echo hi-$((40+2)); stty size; exit 3\n')
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 3, signal: null })
    expect(screen.text()).toContain('hi-42')
    expect(screen.text()).toContain('30 100')
    expect(here.person.questions).toHaveLength(1)
    expect(here.person.steps).toEqual(['reaching', 'checking-host-key', 'signing-in', 'opening-shell'])
  })
})
