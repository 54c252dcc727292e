import { nounForms, wordsOf } from './inflections.ts'

/** What is good when it goes up and bad when it goes down. */
export const GOOD_TO_RISE: readonly string[] = [
  ...nounForms(`
    profit sale revenue turnover earning income margin profitability ebitda ebit ebita eps pbt pat topline bottomline rev
    dividend payout order backlog booking demand volume output production productivity shipment delivery export import
    share stock price valuation equity index market rating target guidance outlook forecast estimate projection
    return yield asset deposit loan subscription subscriber user customer passenger traffic occupancy
    investment inflow collection remittance cash cashflow flow capacity utilisation utilization gdp economy employment job payroll hiring
    salary wage confidence sentiment optimism spending consumption liquidity recovery rent premium aum portfolio network
    efficiency performance result quarter rupee dollar euro yen pound currency gold silver copper crude oil metal
    sensex nifty dow nasdaq ftse dax cac nikkei s&p bond future adr gdr etf fund
    net proceeds operation business unit fee pipeline stake holding membership installation activity`),
  ...wordsOf('earnings sales gross operating pretax revenues revs adj adjusted comps comp arpu nim roe roce nav nii'),
]

/** What is bad when it goes up and good when it goes down. */
export const BAD_TO_RISE: readonly string[] = [
  ...nounForms(`
    loss cost expense expenditure debt liability deficit inflation unemployment default delinquency provision provisioning
    writedown writeoff impairment charge npa npl claim jobless tax tariff duty fine penalty
    delay risk volatility vix shortage complaint recall bankruptcy insolvency layoff redundancy closure
    churn attrition outflow withdrawal redemption dilution leverage gearing borrowing
    overdue arrear slippage death case infection casualty fatality emission accident fear uncertainty worry
    tension concern pressure burden headwind overcapacity glut backlash overrun stress vacancy inventory stockpile
    shortfall competition waste downtime interest mortgage`),
  ...wordsOf('cpi wpi losses'),
]
