import type { Command } from 'commander'
import { type CsvTable, readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import type { Cost } from '../../../shared/domain/costs/cost.ts'
import { COST_PRESETS, type CostModel, type CostPreset } from '../../../shared/domain/costs/cost-model.ts'
import { type CostMarket, estimateCosts } from '../../../shared/domain/costs/estimate-costs.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { type Cell, type Io, printTable } from './output.ts'

const LINES = ['commission', 'exchange_fee', 'half_spread', 'permanent_impact', 'temporary_impact', 'total'] as const
const ORDER = ['symbol', 'side', 'quantity', 'price'] as const
const COLUMNS = [...ORDER, 'notional', ...LINES, ...LINES.map((line) => `${line}_bps`)]

/** A column of the market: what the domain calls it, and whether zero is a number to work with. */
interface MarketColumn {
  readonly name: string
  readonly input: keyof CostMarket
  readonly zero: boolean
}

const SPREAD: MarketColumn = { name: 'spread_bps', input: 'spreadBps', zero: true }
const ADV: MarketColumn = { name: 'adv', input: 'adv', zero: false }
const SIGMA: MarketColumn = { name: 'sigma_daily', input: 'sigmaDaily', zero: true }
const SHARES: MarketColumn = { name: 'shares_outstanding', input: 'sharesOutstanding', zero: false }
const HORIZON: MarketColumn = { name: 'horizon_days', input: 'horizonDays', zero: false }

const NEEDED: Readonly<Record<CostPreset, readonly MarketColumn[]>> = {
  'per-share': [SPREAD],
  'ibkr-fixed': [],
  'square-root': [ADV, SIGMA],
  almgren: [ADV, SIGMA, SHARES, HORIZON],
}

const HELP = `
FILE     symbol,side,quantity,price, an order a row (side buy or sell), and what the model needs:
  per-share    0.005 a share, 3 bps exchange fee, half of spread_bps, 0.1 bps impact per 1,000 of notional
  ibkr-fixed   0.005 a share, at least 1, at most 1 % of the order's value
  square-root  impact Y x sigma_daily x sqrt(quantity / adv)
  almgren      permanent impact I/2 and temporary impact h of Almgren et al. (2005), from adv, sigma_daily,
               shares_outstanding and horizon_days
spread_bps is the full spread, adv the average daily volume in shares, sigma_daily the deviation of daily returns as a
fraction (0.02 is 2 %), horizon_days the trading days the order is spread over (0.5 is half a session).

Prints each order with its notional, each line of cost in the currency of the price, and each again in basis points of
notional (commission_bps and so on). A model states its own lines only; the others are 0.

Example:
  edgefund calc costs orders.csv --model square-root --y 0.5`

interface CostsFlags {
  readonly model: string
  readonly y: string
}

/** Adds `calc costs FILE`: what each order of a file is expected to cost, by one of four models. */
export function registerCalcCosts(calc: Command, io: () => Io): void {
  calc
    .command('costs')
    .summary('estimate what trading orders costs')
    .description('Estimates commission, fees, spread and market impact of orders.')
    .argument('<FILE>', 'CSV of orders, or -')
    .requiredOption('--model <NAME>', Object.keys(COST_PRESETS).join(', '))
    .option('--y <Y>', "size of the square root's impact", '1')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: CostsFlags) => {
      const preset = presetFlag(flags.model)
      const y = yFlag(flags.y)
      const needed = NEEDED[preset]
      const table = await readCsv(file, { required: [...ORDER, ...needed.map(({ name }) => name)] })
      const model: CostModel = preset === 'square-root' ? { ...COST_PRESETS[preset], y } : COST_PRESETS[preset]
      printTable(io(), COLUMNS, costRows(table, needed, model))
    })
}

function presetFlag(text: string): CostPreset {
  const found = Object.keys(COST_PRESETS).find((name): name is CostPreset => name === text)
  if (found) return found
  throw new InputError(`--model "${text}", expected one of ${Object.keys(COST_PRESETS).join(', ')}`)
}

function yFlag(text: string): number {
  const y = Number(text)
  if (/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(y)) return y
  throw new InputError(`--y "${text}", expected a number from 0`)
}

function costRows(table: CsvTable, needed: readonly MarketColumn[], model: CostModel): Cell[][] {
  const symbol = table.text('symbol')
  const side = table.text('side')
  const quantity = cells(table, 'quantity', false)
  const price = cells(table, 'price', false)
  const inputs = needed.map(({ name, input, zero }) => ({ input, value: cells(table, name, zero) }))

  return Array.from({ length: table.rows }, (_, row): Cell[] => {
    if (symbol(row) === '') throw new InputError(`${place(table, row)}: no symbol`)
    const order = {
      symbol: symbol(row),
      side: sideOf(table, row, side(row)),
      quantity: quantity(row),
      price: price(row),
    }
    const value = order.quantity * order.price
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new InputError(`${place(table, row)}: ${order.quantity} at ${order.price} is not a value to compute with`)
    }
    const market: CostMarket = Object.fromEntries(inputs.map(({ input, value }) => [input, value(row)]))
    const costs = estimateCosts(order, market, model)
    const { commission, exchangeFee, halfSpread, permanentImpact, temporaryImpact, total } = costs
    const lines: readonly Cost[] = [commission, exchangeFee, halfSpread, permanentImpact, temporaryImpact, total]
    return [
      ...[order.symbol, order.side, order.quantity, order.price, costs.notional],
      ...lines.map(({ amount }) => amount),
      ...lines.map(({ bps }) => bps),
    ]
  })
}

function sideOf(table: CsvTable, row: number, text: string): 'buy' | 'sell' {
  if (text === 'buy' || text === 'sell') return text
  throw new InputError(`${place(table, row)}: side "${text}", expected buy or sell`)
}

/** Reads a column whose every cell must be a number, from zero or above it. */
function cells(table: CsvTable, name: string, zero: boolean): (row: number) => number {
  const column = table.number(name)
  return (row) => {
    const value = column[row]
    if (value > 0 || (zero && value === 0)) return value
    const found = Number.isNaN(value) ? `no ${name}` : `${name} ${value}`
    throw new InputError(`${place(table, row)}: ${found}, expected a number ${zero ? 'from' : 'above'} 0`)
  }
}

function place(table: CsvTable, row: number): string {
  return `${table.file} line ${table.line(row)}`
}
