/** How a headline sounds. */
export type Tone = 'positive' | 'neutral' | 'negative'

/** `{name}` is the company, `{sector}` its sector in small letters, `{n}` a percentage between 2 and 18. */
type Templates = Readonly<Record<Tone, readonly string[]>>

const ON_ORDINARY_DAYS: Templates = {
  positive: [
    '{name} shares climb after analysts lift their price targets',
    '{name} wins a long-term contract, its largest in three years',
    '{name} raises its full-year outlook on strong demand',
    '{name} announces a bigger share buyback',
    'Broker upgrades {name} to buy, citing improving margins',
    '{name} gains market share as rivals struggle',
    '{name} says orders rose {n} % from a year ago',
    'Investors cheer as {name} cuts costs faster than planned',
    '{name} receives approval for a new product line',
    '{name} outperforms other {sector} stocks',
  ],
  neutral: [
    '{name} to present at an investor conference next week',
    '{name} names a new member of its board',
    '{name} keeps its guidance unchanged',
    '{name} schedules its annual shareholder meeting',
    'What to watch at {name} this quarter',
    '{name} opens an office in a second city',
    '{name} completes the refinancing of a credit line',
    'A look at {name} and its peers among {sector} stocks',
    '{name} trades in line with the market',
    '{name} files its regular report with the regulator',
  ],
  negative: [
    '{name} shares slide after a downgrade',
    '{name} warns of weaker demand in the coming quarters',
    'Regulators open an inquiry into {name}',
    '{name} recalls a product after complaints',
    '{name} cuts its full-year forecast',
    'Costs weigh on {name} as margins shrink',
    '{name} loses a major customer to a competitor',
    '{name} says orders fell {n} % from a year ago',
    'Lawsuit against {name} moves forward, judge rules',
    '{name} lags other {sector} stocks as worries grow',
  ],
}

const ON_RESULTS: Templates = {
  positive: [
    '{name} beats quarterly profit expectations',
    '{name} posts record revenue, up {n} % from a year ago',
    '{name} quarterly earnings jump {n} %, topping estimates',
  ],
  neutral: [
    '{name} reports quarterly results in line with expectations',
    '{name} quarterly revenue matches estimates',
    '{name} publishes its quarterly results',
  ],
  negative: [
    '{name} misses quarterly profit expectations',
    '{name} quarterly profit drops {n} % on higher costs',
    '{name} posts a surprise fall in revenue, down {n} %',
  ],
}

export interface HeadlineWords {
  readonly name: string
  readonly sector: string
  readonly tone: Tone
  /** Whether the company reported results that day. */
  readonly results: boolean
}

/** A sentence of the tone asked for; the two draws, in [0, 1), choose it and the percentage in it. */
export function headline({ name, sector, tone, results }: HeadlineWords, choice: number, amount: number): string {
  const templates = (results ? ON_RESULTS : ON_ORDINARY_DAYS)[tone]
  return templates[Math.floor(choice * templates.length)]
    .replace('{name}', name)
    .replace('{sector}', sector.toLowerCase())
    .replace('{n}', String(2 + Math.floor(amount * 17)))
}
