import { everyKindOfThing, manyThings, sampleMoney } from './sample-costs'

const usual = sampleMoney()

/** What the costs page and the meter can show, by a name for its picture. */
export const costsStates = {
  usual,
  empty: sampleMoney({ things: [] }),
  'no-budget': sampleMoney({ monthlyUsd: null }),
  over: sampleMoney({ monthlyUsd: 200 }),
  range: sampleMoney({
    doubt: { minUsd: usual.costs.spent.usd - 14.2, maxUsd: usual.costs.spent.usd + 31, mayMissPods: true },
    billProblem: 'Runpod answered 503.',
  }),
  // One row of each kind, with a price that is not known.
  'every-kind': sampleMoney({ things: everyKindOfThing, savedUsd: null, doubt: { isAtLeast: true } }),
  // Bills are read for the first time.
  reading: sampleMoney({ bills: 'reading' }),
  // Names of sixty characters.
  many: sampleMoney({ things: manyThings(50), monthlyUsd: 5_000 }),
}
