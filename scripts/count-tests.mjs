// Reads a test runner's own result file and prints "passed failed skipped":
//   node scripts/count-tests.mjs trx|vitest|playwright FILE
import { readFileSync } from 'node:fs';

const [kind, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

const counters = {
  // Counted result by result: the summary in a .trx leaves skipped tests out.
  trx() {
    const outcomes = [...text.matchAll(/<UnitTestResult\b[^>]*?\boutcome="([^"]+)"/g)].map((match) => match[1]);
    const passed = outcomes.filter((outcome) => outcome === 'Passed').length;
    const skipped = outcomes.filter((outcome) => outcome === 'NotExecuted').length;
    return [passed, outcomes.length - passed - skipped, skipped];
  },
  vitest() {
    const report = JSON.parse(text);
    return [report.numPassedTests, report.numFailedTests, report.numPendingTests + report.numTodoTests];
  },
  playwright() {
    const { expected, unexpected, flaky, skipped } = JSON.parse(text).stats;
    return [expected + flaky, unexpected, skipped];
  },
};

console.log(counters[kind]().join(' '));
