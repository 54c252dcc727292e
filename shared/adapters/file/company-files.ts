import { instant, isSession, type Session } from '../../domain/market/session.ts'
import type { Article, Fundamentals } from '../../ports/data-provider.ts'
import { InputError } from '../../ports/errors.ts'
import { timeReader } from './bar-time.ts'
import { type Hashed, readTable, sha256Of } from './table.ts'

/** Columns of a fundamentals file and what they are called here. All are fractions or plain numbers, as in `Fundamentals`. */
const RATIOS = {
  trailing_pe: 'trailingPe',
  forward_pe: 'forwardPe',
  price_to_book: 'priceToBook',
  dividend_yield: 'dividendYield',
  return_on_equity: 'returnOnEquity',
  debt_to_equity: 'debtToEquity',
  current_ratio: 'currentRatio',
  profit_margin: 'profitMargin',
  revenue_growth: 'revenueGrowth',
  market_cap: 'marketCap',
  shares_outstanding: 'sharesOutstanding',
} as const satisfies Record<string, keyof Fundamentals>

/**
 * Reads `symbol,as_of` and any of the columns `trailing_pe, forward_pe, price_to_book, dividend_yield, return_on_equity, debt_to_equity,
 * current_ratio, profit_margin, revenue_growth, market_cap, shares_outstanding, currency`, in the file's order.
 */
export async function readFundamentalsFile(file: string): Promise<Hashed<Fundamentals>> {
  const optional = [...Object.keys(RATIOS), 'currency']
  const { table, bytes } = await readTable(file, { required: ['symbol', 'as_of'], optional })
  const symbol = table.text('symbol')
  const asOf = table.text('as_of')
  const currency = table.has('currency') ? table.text('currency') : () => ''
  const ratios = Object.entries(RATIOS).filter(([column]) => table.has(column))
  const columns = ratios.map(([column, name]) => ({ name, values: table.number(column) }))

  const rows = Array.from({ length: table.rows }, (_, row) => {
    const numbers = columns
      .filter(({ values }) => !Number.isNaN(values[row]))
      .map(({ name, values }) => [name, values[row]])
    return {
      symbol: symbol(row),
      asOf: dateOf(asOf(row), `${table.where(row)}, column "as_of"`),
      ...Object.fromEntries(numbers),
      ...(currency(row) === '' ? {} : { currency: currency(row) }),
    }
  })
  return { rows, sha256: sha256Of(bytes) }
}

/** Reads `id,symbols,title,publisher,url,published_at`: symbols separated by spaces, times ISO with their zone. Ascending in time. */
export async function readNewsFile(file: string, timezone: string | undefined): Promise<Hashed<Article>> {
  const columns = ['id', 'symbols', 'title', 'publisher', 'url', 'published_at'] as const
  const { table, bytes } = await readTable(file, { required: columns })
  const [id, symbols, title, publisher, url, publishedAt] = columns.map((name) => table.text(name))
  const readTime = timeReader(timezone)

  const rows = Array.from({ length: table.rows }, (_, row) => {
    const time = readTime(publishedAt(row))
    if ('problem' in time) {
      const found = JSON.stringify(publishedAt(row))
      throw new InputError(`${table.where(row)}, column "published_at": ${found} ${time.problem}`)
    }
    return {
      id: id(row),
      symbols: symbols(row)
        .split(/[\s;|]+/)
        .filter((part) => part !== ''),
      title: title(row),
      publisher: publisher(row),
      url: url(row),
      publishedAt: instant(time.ms),
    }
  })
  rows.sort((a, b) => a.publishedAt - b.publishedAt)
  return { rows, sha256: sha256Of(bytes) }
}

function dateOf(text: string, where: string): Session {
  if (isSession(text)) return text
  throw new InputError(`${where}: ${JSON.stringify(text)} is not a date, expected YYYY-MM-DD`)
}
