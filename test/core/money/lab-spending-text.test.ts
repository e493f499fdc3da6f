import { describe, expect, it } from 'vitest'
import { labSpendingText, labTotalText } from '../../../src/core/money/lab-spending-text'

describe('what a lab has spent', () => {
  it('is what Hubify reports of the whole lab, and apart from what is counted of pods', () => {
    expect(labSpendingText({ totalUsd: 42.5, isOfMonth: false, runningUsd: 3 })).toBe(
      'Hubify reports for the whole lab: $42.50 so far, and approx. $3.00 for pods that are running now. It includes storage and services. It isn’t part of Podkeeper’s pod costs.',
    )
  })

  it('names the month only where the total is that of the month, and what it includes only where that is known', () => {
    expect(labSpendingText({ totalUsd: 7, isOfMonth: true, runningUsd: null })).toBe(
      'Hubify reports for the whole lab: $7.00 this month. It isn’t part of Podkeeper’s pod costs.',
    )
  })

  it('is no amount where Hubify names none', () => {
    const spending = { totalUsd: null, isOfMonth: false, runningUsd: null }
    expect(labTotalText(spending)).toBeNull()
    expect(labSpendingText(spending)).not.toContain('$')
  })
})
