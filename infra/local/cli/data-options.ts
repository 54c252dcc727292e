import type { Command } from 'commander'

/** The options that say which data a run is to bring; `readDataFlags` reads them. */
export function withDataOptions(command: Command): Command {
  return command
    .option('--from <D>', 'first date of a range')
    .option('--to <D>', 'last date of it (default: the last that is over)')
    .option('--symbols <A,B>', 'these symbols instead of those of the settings')
    .option('--interval <I>', '1d, 1h, 5m or 1m (default: 1d)')
    .option('--provider <P>', 'simulated, file or yahoo (default: that of the settings)')
    .option('--data <PATH>', 'file: a CSV, CSV.gz or Parquet file of bars, or a folder of them')
    .option('--basis <B>', 'file: raw, split-adjusted or adjusted prices')
    .option('--actions <FILE>', 'file: CSV of splits and dividends')
    .option('--actions-source <S>', 'file: which source of that CSV to take')
    .option('--dividends <basis>', 'file: raw cash as paid, or split-adjusted')
    .option('--source <NAME>', 'file: name to store the bars under (default: file)')
    .option('--seed <N>', 'simulated: which market')
    .option('--again', 'make a new revision of a run that is done')
    .option('--no-wait', 'open the run and leave')
}

export const DATA_HELP = `
The same command is the same run: stopped half-way it goes on, done it says so (--again makes a new revision). A file without
--from, --to and --symbols is taken whole. The exit code is 0 for ok and partial, 1 for a failed run.`
