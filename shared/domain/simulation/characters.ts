import { DEFAULT_EQUITIES, type GicsSector } from '../universe/default-instruments.ts'
import { randomStream } from './random.ts'

/**
 * What a simulated company is like, the same for every seed. The numbers are plausible for the kind of business and describe no
 * real company's figures.
 */
export interface Character {
  readonly symbol: string
  readonly name: string
  readonly sector: GicsSector
  /** Price and shares at the beginning of the simulated history. */
  readonly price: number
  readonly shares: number
  readonly beta: number
  /** Exposure to its sector's factor. */
  readonly sectorBeta: number
  /** A year's standard deviation of its own shocks in usual times. */
  readonly ownVolatility: number
  /** Long-run dividend yield, a fraction; 0 for a company that pays none. */
  readonly dividendYield: number
  /** A close above it leads to a split. */
  readonly splitAbove: number
  /** Share of the shares that change hands on a usual day. */
  readonly turnover: number
  readonly ratios: Ratios
}

/** Where a company's ratios lie when it is neither better nor worse than usual. */
export interface Ratios {
  readonly priceToEarnings: number
  readonly priceToBook: number
  readonly profitMargin: number
  readonly revenueGrowth: number
  readonly debtToEquity: number
  readonly currentRatio: number
}

/** Start price, shares in millions, beta, own volatility, dividend yield. */
const TABLE: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  XOM: [78, 4200, 0.9, 0.17, 0.038],
  CVX: [92, 1900, 1.0, 0.18, 0.036],
  COP: [55, 1200, 1.2, 0.24, 0.024],
  LIN: [118, 540, 0.9, 0.14, 0.014],
  SHW: [125, 380, 1.1, 0.18, 0],
  FCX: [23, 1400, 1.6, 0.33, 0],
  CAT: [84, 520, 1.1, 0.2, 0.022],
  HON: [96, 690, 1.0, 0.14, 0.02],
  UPS: [108, 850, 1.0, 0.18, 0.03],
  GE: [110, 1080, 1.2, 0.24, 0],
  BA: [130, 680, 1.4, 0.28, 0],
  AMZN: [95, 1600, 1.2, 0.24, 0],
  TSLA: [96, 970, 1.7, 0.36, 0],
  HD: [102, 1010, 1.0, 0.16, 0.023],
  MCD: [93, 730, 0.65, 0.14, 0.022],
  NKE: [94, 1520, 1.1, 0.21, 0],
  WMT: [84, 2700, 0.55, 0.15, 0.014],
  PG: [88, 2350, 0.45, 0.13, 0.025],
  KO: [42, 4300, 0.5, 0.12, 0.03],
  PEP: [94, 1370, 0.55, 0.13, 0.028],
  COST: [121, 510, 0.8, 0.16, 0.006],
  JNJ: [103, 2400, 0.55, 0.13, 0.028],
  UNH: [100, 930, 0.7, 0.2, 0],
  LLY: [68, 950, 0.55, 0.24, 0.008],
  ABBV: [65, 1770, 0.65, 0.2, 0.037],
  MRK: [56, 2530, 0.5, 0.17, 0.027],
  TMO: [125, 380, 0.85, 0.17, 0],
  JPM: [62, 2900, 1.1, 0.17, 0.024],
  V: [131, 1900, 0.95, 0.15, 0.008],
  MA: [85, 920, 1.05, 0.16, 0],
  BAC: [17, 8000, 1.3, 0.2, 0.024],
  BLK: [128, 210, 1.25, 0.18, 0],
  AAPL: [109, 15400, 1.15, 0.19, 0.006],
  MSFT: [47, 7430, 1.0, 0.17, 0.009],
  NVDA: [40, 2460, 1.7, 0.33, 0],
  AVGO: [101, 460, 1.3, 0.26, 0.016],
  ORCL: [44, 2770, 1.0, 0.22, 0.012],
  CRM: [59, 960, 1.25, 0.24, 0],
  GOOGL: [132, 1200, 1.05, 0.19, 0],
  META: [78, 2600, 1.25, 0.27, 0],
  NFLX: [97, 430, 1.25, 0.3, 0],
  DIS: [94, 1820, 1.1, 0.2, 0],
  TMUS: [61, 1170, 0.65, 0.19, 0],
  NEE: [106, 2040, 0.5, 0.17, 0.026],
  DUK: [83, 770, 0.4, 0.13, 0.04],
  SO: [49, 1090, 0.45, 0.13, 0.037],
  AMT: [99, 465, 0.75, 0.18, 0.03],
  PLD: [43, 925, 1.05, 0.19, 0.028],
  EQIX: [135, 157, 0.8, 0.18, 0],
}

/** Price to earnings and to book, margin, growth, debt to equity, current ratio: what is usual in a sector. */
const SECTOR_RATIOS: Readonly<Record<GicsSector, readonly [number, number, number, number, number, number]>> = {
  Energy: [13, 1.8, 0.09, 0.03, 0.4, 1.3],
  Materials: [19, 2.8, 0.1, 0.04, 0.6, 1.7],
  Industrials: [21, 4.5, 0.1, 0.05, 1.0, 1.3],
  'Consumer Discretionary': [26, 6, 0.09, 0.09, 1.1, 1.2],
  'Consumer Staples': [23, 5.5, 0.1, 0.04, 0.9, 0.9],
  'Health Care': [22, 4.5, 0.14, 0.06, 0.8, 1.3],
  Financials: [14, 1.7, 0.25, 0.05, 1.2, 1.1],
  'Information Technology': [29, 8, 0.24, 0.11, 0.7, 1.6],
  'Communication Services': [23, 4.5, 0.19, 0.09, 0.6, 1.4],
  Utilities: [18, 1.9, 0.12, 0.03, 1.4, 0.8],
  'Real Estate': [34, 3, 0.22, 0.06, 1.1, 1.0],
}

/** Every company of the simulated market. */
export const CHARACTERS: ReadonlyMap<string, Character> = new Map(
  DEFAULT_EQUITIES.map(({ symbol, name, sector }) => [symbol, characterOf(symbol, name!, sector as GicsSector)]),
)

function characterOf(symbol: string, name: string, sector: GicsSector): Character {
  const [price, millions, beta, ownVolatility, dividendYield] = TABLE[symbol]
  const random = randomStream('character', symbol)
  const about = (usual: number) => usual * Math.exp(0.18 * random.normal())
  const [priceToEarnings, priceToBook, profitMargin, revenueGrowth, debtToEquity, currentRatio] =
    SECTOR_RATIOS[sector].map(about)
  return {
    symbol,
    name,
    sector,
    price,
    shares: millions * 1_000_000,
    beta,
    sectorBeta: 0.7 + 0.6 * random.uniform(),
    ownVolatility,
    dividendYield,
    splitAbove: 170 + 160 * random.uniform(),
    turnover: 0.002 + 0.025 * ownVolatility,
    ratios: { priceToEarnings, priceToBook, profitMargin, revenueGrowth, debtToEquity, currentRatio },
  }
}
