import { type Instrument, instrumentOf } from '../market/instrument.ts'
import type { Listing } from './listing.ts'

/** The eleven sectors of the Global Industry Classification Standard, in its own order. */
export const GICS_SECTORS = [
  'Energy',
  'Materials',
  'Industrials',
  'Consumer Discretionary',
  'Consumer Staples',
  'Health Care',
  'Financials',
  'Information Technology',
  'Communication Services',
  'Utilities',
  'Real Estate',
] as const

export type GicsSector = (typeof GICS_SECTORS)[number]

const EQUITIES_BY_SECTOR: Readonly<Record<GicsSector, Readonly<Record<string, string>>>> = {
  Energy: { XOM: 'ExxonMobil', CVX: 'Chevron', COP: 'ConocoPhillips' },
  Materials: { LIN: 'Linde', SHW: 'Sherwin-Williams', FCX: 'Freeport-McMoRan' },
  Industrials: { CAT: 'Caterpillar', HON: 'Honeywell', UPS: 'United Parcel Service', GE: 'GE Aerospace', BA: 'Boeing' },
  'Consumer Discretionary': { AMZN: 'Amazon', TSLA: 'Tesla', HD: 'Home Depot', MCD: "McDonald's", NKE: 'Nike' },
  'Consumer Staples': { WMT: 'Walmart', PG: 'Procter & Gamble', KO: 'Coca-Cola', PEP: 'PepsiCo', COST: 'Costco' },
  'Health Care': {
    JNJ: 'Johnson & Johnson',
    UNH: 'UnitedHealth Group',
    LLY: 'Eli Lilly',
    ABBV: 'AbbVie',
    MRK: 'Merck',
    TMO: 'Thermo Fisher Scientific',
  },
  Financials: { JPM: 'JPMorgan Chase', V: 'Visa', MA: 'Mastercard', BAC: 'Bank of America', BLK: 'BlackRock' },
  'Information Technology': {
    AAPL: 'Apple',
    MSFT: 'Microsoft',
    NVDA: 'Nvidia',
    AVGO: 'Broadcom',
    ORCL: 'Oracle',
    CRM: 'Salesforce',
  },
  'Communication Services': {
    GOOGL: 'Alphabet',
    META: 'Meta Platforms',
    NFLX: 'Netflix',
    DIS: 'Walt Disney',
    TMUS: 'T-Mobile US',
  },
  Utilities: { NEE: 'NextEra Energy', DUK: 'Duke Energy', SO: 'Southern Company' },
  'Real Estate': { AMT: 'American Tower', PLD: 'Prologis', EQIX: 'Equinix' },
}

/** 49 large United States companies, at least three in each sector, in the order of the sectors. */
export const DEFAULT_EQUITIES: readonly Instrument[] = GICS_SECTORS.flatMap((sector) =>
  Object.entries(EQUITIES_BY_SECTOR[sector]).map(([symbol, name]) => ({ ...instrumentOf(symbol), name, sector })),
)

/** Those that are listed on Nasdaq; the others trade on the New York Stock Exchange. */
const ON_NASDAQ = new Set('LIN HON AMZN TSLA WMT PEP COST AAPL MSFT NVDA AVGO GOOGL META NFLX TMUS EQIX'.split(' '))

/** The default equities as the fund lists them. */
export const DEFAULT_LISTINGS: Listing[] = DEFAULT_EQUITIES.map((instrument) => ({
  ...instrument,
  name: instrument.name ?? instrument.symbol,
  sector: instrument.sector ?? '',
  currency: 'USD',
  exchange: ON_NASDAQ.has(instrument.symbol) ? 'XNAS' : 'XNYS',
}))

export const BENCHMARK: Instrument = { ...instrumentOf('^GSPC'), name: 'S&P 500' }

/** Implied volatility of the benchmark over the next month, in percent a year. */
export const VOLATILITY_INDEX: Instrument = { ...instrumentOf('^VIX'), name: 'CBOE Volatility Index' }

/** Treasury yields in percent, by maturity: 13 weeks, 5, 10 and 30 years. */
export const DEFAULT_RATES: readonly Instrument[] = [
  { ...instrumentOf('^IRX'), name: '13-week Treasury bill' },
  { ...instrumentOf('^FVX'), name: '5-year Treasury note' },
  { ...instrumentOf('^TNX'), name: '10-year Treasury note' },
  { ...instrumentOf('^TYX'), name: '30-year Treasury bond' },
]

export const DEFAULT_CRYPTO: readonly Instrument[] = [
  { ...instrumentOf('BTC-USD'), name: 'Bitcoin' },
  { ...instrumentOf('ETH-USD'), name: 'Ether' },
]

/** What any universe is looked at beside. */
export const MARKET_CONTEXT: readonly Instrument[] = [BENCHMARK, VOLATILITY_INDEX, ...DEFAULT_RATES, ...DEFAULT_CRYPTO]

/** Everything the default universe, its benchmark and its market context need, without repetition. */
export const DEFAULT_INSTRUMENTS: readonly Instrument[] = [...DEFAULT_EQUITIES, ...MARKET_CONTEXT]
