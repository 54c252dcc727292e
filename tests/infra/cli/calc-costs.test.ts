import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { registerCalcCosts } from '../../../infra/local/cli/calc-costs.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import { REFERENCE } from '../../shared/domain/costs/reference.ts'
import { csvFile, type Ran } from './market-verbs.ts'

const HEADER =
  'symbol,side,quantity,price,notional,commission,exchange_fee,half_spread,permanent_impact,temporary_impact,total,' +
  'commission_bps,exchange_fee_bps,half_spread_bps,permanent_impact_bps,temporary_impact_bps,total_bps\n'

/** Runs `calc costs` on a CSV and keeps what it wrote. */
async function costs(text: string, ...flags: string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  let error: unknown
  const calc = new Command('calc').exitOverride().configureOutput({ writeErr: () => {} })
  registerCalcCosts(calc, () => ({
    json: flags.includes('--json'),
    stdout: (written) => {
      stdout += written
    },
    stderr: (written) => {
      stderr += written
    },
  }))
  const words = flags.filter((flag) => flag !== '--json')
  try {
    await calc.parseAsync(['costs', csvFile(text), ...words], { from: 'user' })
  } catch (thrown) {
    error = thrown
  }
  return { stdout, stderr, error }
}

const ORDERS = 'symbol,side,quantity,price\n'

describe('calc costs', () => {
  it('prints each line in currency and in basis points of notional', async () => {
    const file = `symbol,date,side,quantity,price,spread_bps\nB,x,sell,1000,25,4\nA,y,buy,100,50,0\nB,x,buy,0.5,80,1\n`
    const { stdout, stderr, error } = await costs(file, '--model', 'per-share')
    expect({ stderr, error }).toEqual({ stderr: '', error: undefined })
    expect(stdout).toBe(`${HEADER}B,sell,1000,25,25000,5,7.5,5,0,6.25,23.75,2,3,2,0,2.5,9.5
A,buy,100,50,5000,0.5,1.5,0,0,0.25,2.25,1,3,0,0,0.5,4.5
B,buy,0.5,80,40,0.0025,0.012,0.002,0,0.000016,0.016516,0.625,3,0.5,0,0.004,4.129
`)
  })

  it('needs no more columns than the model does', async () => {
    const { stdout } = await costs(`${ORDERS}A,buy,100,50\nA,buy,1000,25\nA,sell,1000,0.25\n`, '--model', 'ibkr-fixed')
    expect(stdout).toBe(`${HEADER}A,buy,100,50,5000,1,0,0,0,0,1,2,0,0,0,0,2
A,buy,1000,25,25000,5,0,0,0,0,5,2,0,0,0,0,2
A,sell,1000,0.25,250,2.5,0,0,0,0,2.5,100,0,0,0,0,100
`)
  })

  it.each([
    ['square-root', []],
    ['square-root-0.5', ['--y', '0.5']],
    ['almgren', []],
  ] as const)('agrees with 50 decimal digits: %s', async (name, flags) => {
    const expected = REFERENCE.models[name]
    const lines = expected.map(({ order }) => `X,buy,${order.join(',')}`)
    const file = `${ORDERS.trim()},spread_bps,adv,sigma_daily,shares_outstanding,horizon_days\n${lines.join('\n')}\n`
    const { stdout } = await costs(file, '--json', '--model', name.replace('-0.5', ''), ...flags)
    const rows: Record<string, number>[] = JSON.parse(stdout)
    expect(Object.keys(rows[0]).join(',')).toBe(HEADER.trim())
    rows.forEach((row, i) => {
      const { temporary_impact, permanent_impact_bps, total_bps } = row
      expect(temporary_impact).toBeCloseTo(expected[i].amounts[4], 9)
      expect(permanent_impact_bps).toBeCloseTo(expected[i].bps[3], 9)
      expect(total_bps).toBeCloseTo(expected[i].bps[5], 9)
    })
  })

  it('answers a header without rows with its own', async () => {
    expect((await costs(ORDERS, '--model', 'ibkr-fixed')).stdout).toBe(HEADER)
    expect((await costs(ORDERS, '--model', 'ibkr-fixed', '--json')).stdout).toBe('[]\n')
  })

  const impact = 'symbol,side,quantity,price,adv,sigma_daily\n'
  it.each([
    ['a side in capitals', 'ibkr-fixed', `${ORDERS}A,buy,1,1\nA,BUY,1,1\n`, /line 3: side "BUY", expected buy or sell/],
    ['a row without symbol', 'ibkr-fixed', `${ORDERS},buy,1,1\n`, /line 2: no symbol/],
    ['no quantity', 'ibkr-fixed', `${ORDERS}A,buy,,1\n`, /line 2: no quantity, expected a number above 0/],
    ['a quantity of zero', 'ibkr-fixed', `${ORDERS}A,buy,0,1\n`, /line 2: quantity 0, expected a number above 0/],
    ['a negative price', 'ibkr-fixed', `${ORDERS}A,buy,1,-3\n`, /line 2: price -3, expected a number above 0/],
    ['a word for a price', 'ibkr-fixed', `${ORDERS}A,buy,1,NaN\n`, /line 2.*price.*NaN/],
    ['a value beyond the numbers', 'ibkr-fixed', `${ORDERS}A,buy,1e300,1e300\n`, /line 2: 1e\+300 at 1e\+300/],
    ['no price column', 'ibkr-fixed', 'symbol,side,quantity\n', /no column "price"/],
    ['no spread column', 'per-share', ORDERS, /no column "spread_bps"/],
    ['no volume columns', 'square-root', ORDERS, /no column "adv", "sigma_daily"/],
    ['no shares column', 'almgren', impact, /no column "shares_outstanding", "horizon_days"/],
    ['an empty cell the model needs', 'square-root', `${impact}A,buy,1,1,100,\n`, /line 2: no sigma_daily/],
    ['a volume of zero', 'square-root', `${impact}A,buy,1,1,0,0\n`, /line 2: adv 0, expected a number above 0/],
    ['a negative deviation', 'square-root', `${impact}A,buy,1,1,1,-0.1\n`, /line 2: sigma_daily -0.1, .* from 0/],
    ['an unknown model', 'free', ORDERS, /--model "free", expected one of per-share, ibkr-fixed, square-root, almgren/],
  ])('refuses %s and prints nothing', async (_, model, text, message) => {
    const { stdout, error } = await costs(text, '--model', model)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toMatch(message)
    expect(stdout).toBe('')
  })

  it.each(['-1', 'one', '', 'Infinity', '0x1'])('refuses --y "%s"', async (y) => {
    const { error } = await costs(impact, '--model', 'square-root', `--y=${y}`)
    expect(String(error)).toMatch(/--y ".*", expected a number from 0/)
  })

  it('lets a cell be empty that the model does not need', async () => {
    const { stdout } = await costs('symbol,side,quantity,price,adv\nA,buy,100,50,\n', '--model', 'ibkr-fixed')
    expect(stdout.split('\n')).toHaveLength(3)
  })
})
